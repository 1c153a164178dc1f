using HarmonyLib;
using Microsoft.JSInterop.Infrastructure;

namespace Agent.AspNetCore.Components;

/// <summary>One span per call of a [JSInvokable] method: `remote`.</summary>
[HarmonyPatch("Microsoft.JSInterop.Infrastructure.DotNetDispatcher, Microsoft.JSInterop", "InvokeSynchronously")]
static class JsInvokePatch
{
    static void Prefix(DotNetInvocationInfo callInfo, object? objectReference, out JsInvokeSpan? __state) =>
        __state = ComponentSpan.IsWanted ? JsInvokeSpan.Begin(callInfo, objectReference) : null;

    static void Finalizer(Exception? __exception, ref object? __result, JsInvokeSpan? __state)
    {
        if (__state is null)
            return;
        // May be taken once only. A task is what the framework makes of it next.
        if (__result is ValueTask call)
            __result = call.AsTask();
        else if (__result?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            __result = type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(__result, null);
        __state.End(__exception, __result as Task);
    }
}
