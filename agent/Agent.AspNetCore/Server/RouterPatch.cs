using Agent.AspNetCore.Endpoints;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Server;

/// <summary>
/// Where MVC has no endpoints, the one place that knows which action serves a request before its filters run; and, for other handlers, a route that has
/// found one. Requests for endpoints do not come by here.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.Infrastructure.ActionSelector, Microsoft.AspNetCore.Mvc.Core", "SelectBestCandidate")]
static class RouterPatch
{
    static void Postfix(RouteContext context, ActionDescriptor? __result)
    {
        if (__result is not null)
            RouterRoute.Note(__result, context);
    }

    [HarmonyPatch("Microsoft.AspNetCore.Routing.Route, Microsoft.AspNetCore.Routing", "OnRouteMatched")]
    internal static class RoutePatch
    {
        static void Postfix(RouteBase __instance, RouteContext context)
        {
            if (context.Handler is not null)
                RouterRoute.Note(__instance, context.HttpContext);
        }
    }
}
