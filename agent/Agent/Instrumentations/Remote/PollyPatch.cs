using System.Runtime.CompilerServices;
using Agent.Instrumentations.Messaging;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>
/// Notes which attempts of a hedged call are called off because another one was faster: their HTTP calls end by a cancellation that is no error. The library's
/// retries need nothing: each is a call of its own that has really failed.
/// </summary>
[HarmonyPatch("Polly.Hedging.Controller.TaskExecution`1, Polly.Core", "ExecutePrimaryActionAsync")]
static class PollyPatch
{
    const string Context = "Polly.ResilienceContext, Polly.Core";

    static readonly ConditionalWeakTable<Type, Func<object, object>> Contexts = [];

    static void Prefix(object __instance, out object? __state) => __state = HedgedAttempts.Begin(__instance);

    static void Finalizer(object? __state) => HedgedAttempts.Leave(__state);

    [HarmonyPrefix, HarmonyPatch("ExecuteSecondaryActionAsync")]
    static void Secondary(object __instance, out object? __state) => __state = HedgedAttempts.Begin(__instance);

    [HarmonyFinalizer, HarmonyPatch("ExecuteSecondaryActionAsync")]
    static void LeaveSecondary(object? __state) => HedgedAttempts.Leave(__state);

    [HarmonyPrefix, HarmonyPatch("Cancel")]
    static void Cancel(object __instance)
    {
        // Where the caller has given up, it is not called off for the sake of another one.
        if (Contexts.GetOrAdd(__instance.GetType(), static type => Reader<object>.Of(type, "Context") ?? (static execution => execution)) is { } read && read(__instance) is var context && context != __instance && !Token(context).IsCancellationRequested)
            HedgedAttempts.CallOff(__instance);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CancellationToken")]
    static extern CancellationToken Token([UnsafeAccessorType(Context)] object context);
}
