using System.Collections.Concurrent;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Agent.AspNetCore.Loads;

/// <summary>One span per layout. All pages of a view run through the same method; a layout is the one that is given a body.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.Razor.RazorView, Microsoft.AspNetCore.Mvc.Razor", "RenderPageCoreAsync")]
static class LayoutPatch
{
    static readonly ConcurrentDictionary<string, SpanDescription> Descriptions = new();

    static void Prefix(IRazorPage page, ViewContext context, out RequestSpan? __state) =>
        __state = RequestSpan.IsWanted && page.BodyContent is not null
            ? RequestSpan.Begin(Descriptions.GetOrAdd(page.Path, static path => ViewPatch.Describe("layout", path)), context.HttpContext)
            : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);
}
