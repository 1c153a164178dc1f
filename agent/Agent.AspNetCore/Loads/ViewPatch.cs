using System.Collections.Concurrent;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Agent.AspNetCore.Loads;

/// <summary>One span per rendered view: of an action, a page, a partial, a view component. Its layout is inside.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.Razor.RazorView, Microsoft.AspNetCore.Mvc.Razor", "RenderAsync")]
static class ViewPatch
{
    static readonly ConcurrentDictionary<string, SpanDescription> Descriptions = new();

    static void Prefix(RazorView __instance, ViewContext context, out RequestSpan? __state) =>
        __state = RequestSpan.IsWanted ? RequestSpan.Begin(Descriptions.GetOrAdd(__instance.Path, static path => Describe("view", path)), context.HttpContext) : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    /// <param name="what">«view» or «layout».</param>
    /// <param name="path">The file in the project: there are as many as the app has views.</param>
    public static SpanDescription Describe(string what, string path) =>
        new($"{what} {path}", new(Names.Kind, DispatchKind.Load), new(Names.ViewPath, path));
}
