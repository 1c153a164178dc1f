using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.AspNetCore.Loads;

/// <summary>
/// Model binding of page handlers, where it takes time: whether it has to wait can be seen where its task is handed on. BindArgumentsCoreAsync, which
/// does the work, is a runtime-async method on .NET 11, and inside of one there is no such thing.
/// </summary>
[HarmonyPatch(Invoker, "BindArgumentsAsync")]
static class PageBindingPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker, Microsoft.AspNetCore.Mvc.RazorPages";

    static void Prefix(out long __state) => __state = BindingSpan.Now;

    static void Finalizer(object __instance, Exception? __exception, Task? __result, long __state) =>
        BindingSpan.EndOf(__state, __exception, __result, Context(__instance));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pageContext")]
    static extern ref PageContext Context([UnsafeAccessorType(Invoker)] object invoker);
}
