using System.Collections.Concurrent;
using HarmonyLib;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One span per authorization handler of the app that is asked about a request; the framework's own handlers are plumbing.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Authorization.AuthorizationHandler`1, Microsoft.AspNetCore.Authorization", "HandleAsync")]
static class AuthorizationHandlerPatch
{
    static readonly ConcurrentDictionary<Type, SpanDescription?> Descriptions = new();

    static void Prefix(object __instance, AuthorizationHandlerContext context, out RequestSpan? __state) =>
        __state = RequestSpan.IsWanted && context.Resource is HttpContext http && Descriptions.GetOrAdd(__instance.GetType(), static type => Describe(type)) is { } description
            ? RequestSpan.Begin(description, http)
            : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    static SpanDescription? Describe(Type type) => AppType.Is(type)
        ? new SpanDescription($"authorization handler {AppType.Shorten(type.Name, "AuthorizationHandler", "Handler")}",
            new(Names.Kind, DispatchKind.Hook), new(Names.CodeFunction, $"{type.FullName}.HandleRequirementAsync"))
        : null;
}
