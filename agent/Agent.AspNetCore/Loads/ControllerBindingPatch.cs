using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc;

namespace Agent.AspNetCore.Loads;

/// <summary>Model binding of controller actions, where it takes time.</summary>
[HarmonyPatch(Invoker, "BindArgumentsAsync")]
static class ControllerBindingPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker, Microsoft.AspNetCore.Mvc.Core";

    static void Prefix(out long __state) => __state = BindingSpan.Now;

    static void Finalizer(object __instance, Exception? __exception, Task? __result, long __state) =>
        BindingSpan.EndOf(__state, __exception, __result, Context(__instance));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_controllerContext")]
    static extern ref ControllerContext Context([UnsafeAccessorType(Invoker)] object invoker);
}
