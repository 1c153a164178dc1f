using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Authorization;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Finds the app's authorization handlers, whatever they derive from, and patches the method by which they are asked. The framework's own
/// handlers are plumbing.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Authorization.DefaultAuthorizationHandlerProvider, Microsoft.AspNetCore.Authorization", ".ctor", MethodType.Constructor)]
static class AuthorizationHandlerPatch
{
    static readonly Harmony Harmony = new("agent.aspnetcore.authorization");
    static readonly TypeSet Seen = new();
    static readonly Lock Gate = new();

    static void Prefix(IEnumerable<IAuthorizationHandler> handlers)
    {
        if (handlers is IAuthorizationHandler[] all && Array.Exists(all, static handler => !Seen.Contains(handler.GetType()))) // the container's own form
            Install(all);
    }

    static void Install(IAuthorizationHandler[] handlers)
    {
        lock (Gate)
        {
            var methods = from handler in handlers
                          let type = handler.GetType()
                          where !Seen.Contains(type) && AppType.Is(type)
                          select type.GetInterfaceMap(typeof(IAuthorizationHandler)).TargetMethods[0];
            PatchCalls.Install(Harmony, methods, typeof(AuthorizationHandlerCall), "an authorization handler");
            foreach (var handler in handlers)
                Seen.Add(handler.GetType()); // only now, so that other requests wait for the patches
        }
    }
}
