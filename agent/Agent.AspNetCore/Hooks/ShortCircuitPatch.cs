using Agent.AspNetCore.Endpoints;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>An endpoint with ShortCircuit() runs inside routing, and never comes to the endpoint middleware.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware, Microsoft.AspNetCore.Routing", "ExecuteShortCircuit")]
static class ShortCircuitPatch
{
    static void Prefix(Endpoint endpoint, HttpContext httpContext, out RequestSpan? __state) =>
        __state = RequestSpan.MayAsk && endpoint.RequestDelegate is not null ? EndpointDispatch.Begin(endpoint, httpContext) : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);
}
