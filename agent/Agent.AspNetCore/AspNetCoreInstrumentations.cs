using Agent.AspNetCore.Hooks;
using Agent.AspNetCore.Loads;
using Agent.AspNetCore.Server;
using HarmonyLib;

namespace Agent.AspNetCore;

/// <summary>The list of ASP.NET Core's instrumentations. An instrumentation is a patch class and one line here.</summary>
public static class AspNetCoreInstrumentations
{
    static readonly Type[] Patches =
    [
        typeof(ServerSpanPatch),
        typeof(PageHandlerPatch),
    ];

    static readonly Type[] MiddlewarePatches =
    [
        typeof(MiddlewarePatch),
        typeof(ImplicitMiddlewarePatch),
    ];

    /// <summary>Called by the agent when the first assembly of ASP.NET Core is loaded.</summary>
    /// <param name="isEngineThere">False: patches are impossible, listeners do what they can.</param>
    public static void Start(bool isEngineThere)
    {
        if (!isEngineThere)
        {
            ServerSpanListener.Start();
            return;
        }
        new Harmony("agent.aspnetcore").PatchWhenLoaded(Settings.Current.Middleware == MiddlewareSpans.None ? Patches : [.. Patches, .. MiddlewarePatches]);
    }
}
