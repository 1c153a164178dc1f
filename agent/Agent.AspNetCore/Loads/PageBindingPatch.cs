using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.AspNetCore.Loads;

/// <summary>Model binding of page handlers, where it takes time.</summary>
[HarmonyPatch(Invoker, "BindArgumentsCoreAsync")]
static class PageBindingPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker, Microsoft.AspNetCore.Mvc.RazorPages";

    static void Prefix(out long __state) => __state = BindingSpan.Now;

    static void Finalizer(object __instance, Exception? __exception, Task? __result, long __state) =>
        BindingSpan.EndOf(__state, __exception, __result, Context(__instance));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pageContext")]
    static extern ref PageContext Context([UnsafeAccessorType(Invoker)] object invoker);
}
