using HarmonyLib;
using Microsoft.AspNetCore.Http;

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
}
