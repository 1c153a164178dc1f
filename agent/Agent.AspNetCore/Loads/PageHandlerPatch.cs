using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace Agent.AspNetCore.Loads;

/// <summary>One span per Razor Pages handler: `load` for GET and HEAD, `action` for the rest. Inside filters, after model binding.</summary>
[HarmonyPatch(Invoker, "InvokeHandlerMethodAsync")]
static class PageHandlerPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker, Microsoft.AspNetCore.Mvc.RazorPages";

    static void Prefix(object __instance, out PageHandlerSpan? __state) =>
        __state = RequestSpan.IsWanted && Handler(__instance) is { } handler ? PageHandlerSpan.Begin(__instance, handler, Page(__instance)) : null;

    static void Finalizer(Exception? __exception, Task? __result, PageHandlerSpan? __state) => __state?.End(__exception, __result);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_handler")]
    static extern ref HandlerMethodDescriptor? Handler([UnsafeAccessorType(Invoker)] object invoker);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pageContext")]
    static extern ref PageContext Page([UnsafeAccessorType(Invoker)] object invoker);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_result")]
    internal static extern ref IActionResult? Result(
        [UnsafeAccessorType("Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core")] object invoker);
}
