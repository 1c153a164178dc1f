using Agent.AspNetCore.Endpoints;
using Agent.AspNetCore.Server;
using HarmonyLib;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Hooks;

/// <summary>One span per middleware. Every way to add one ends in this method: UseMiddleware, Use with a lambda, Map, Run, UseWhen.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Builder.ApplicationBuilder, Microsoft.AspNetCore.Http", "Use")]
static class MiddlewarePatch
{
    static void Prefix(object __instance, ref Func<RequestDelegate, RequestDelegate> middleware)
    {
        AgentProcess.WaitUntilTracing(); // requests can come soon; by now the provider is usually there
        middleware = MiddlewareComponent.Wrap(__instance, middleware);
    }

    /// <summary>Where every response of Kestrel begins: an accepted WebSocket and an event stream last, which the spans of middlewares do not.</summary>
    [HarmonyPatch(Client.ProtocolType, "CreateResponseHeaders")]
    internal static class ResponsePatch
    {
        static void Prefix(object __instance, bool appCompleted)
        {
            if (!appCompleted && LongConnection.IsBeginOf((IHttpRequestFeature)__instance, (IHttpResponseFeature)__instance, (IFeatureCollection)__instance))
                LongConnection.Begin((IFeatureCollection)__instance);
        }
    }
}
