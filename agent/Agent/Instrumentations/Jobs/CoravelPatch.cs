using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// One span per run of a job of Coravel's. What is due is asked every second, and whether an app's condition is met is asked after that: so the job itself has the span, not the
/// library's method around it. A queued job belongs to the trace of the one who has queued it.
/// </summary>
[HarmonyPatch("Coravel.Tasks.ActionOrAsyncFunc, Coravel", "Invoke")]
static class CoravelPatch
{
    const string Queue = "Coravel.Queuing.Queue, Coravel", Schedule = "Coravel.Scheduling.Schedule.Event.ScheduledEvent, Coravel", Work = "Coravel.Tasks.ActionOrAsyncFunc, Coravel";

    static readonly Harmony Harmony = new("agent");
    static readonly Lock Gate = new();

    /// <summary>Who has queued it.</summary>
    static readonly ConditionalWeakTable<object, object> Senders = [];

    /// <summary>This thread is handing something to the queue.</summary>
    [ThreadStatic]
    static bool t_isQueuing;

    // A delegate of the app's, or one of the library's that makes an object of the app's class and invokes it.

    static void Prefix(object __instance, Delegate? ____action, Delegate? ____asyncAction, out JobSpan? __state)
    {
        __state = null;
        if ((____asyncAction ?? ____action) is { } work)
            __state = Begin(work, Senders.TryGetValue(__instance, out var sender) ? (ActivityContext)sender : default);
    }

    static void Finalizer(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);

    static JobSpan? Begin(Delegate work, ActivityContext sender) => work.Method.DeclaringType is { IsGenericType: true, GenericTypeArguments: [var job] } closure && closure.Assembly.GetName().Name == "Coravel"
        ? JobSpan.Begin($"job {CodeName.Simple(job)}", $"{CodeName.Full(job)}.Invoke", sender)
        : JobSpan.Begin($"job {CodeName.Simple(CodeName.Written(work.Method.DeclaringType!))}", CodeName.Of(work.Method), sender);

    [HarmonyPostfix, HarmonyPatch(Schedule, "GetInvocable")]
    static void Scheduled(object? __result)
    {
        if (__result?.GetType().GetMethod("Invoke", BindingFlags.Instance | BindingFlags.Public, Type.EmptyTypes) is { } invoke)
        {
            lock (Gate)
                PatchCalls.Install(Harmony, [invoke], typeof(CoravelCall), "a job of Coravel's");
        }
    }

    [HarmonyPrefix, HarmonyPatch(Queue, "QueueTask")]
    static void QueueTask() => t_isQueuing = true;

    [HarmonyFinalizer, HarmonyPatch(Queue, "QueueTask")]
    static void QueuedTask() => t_isQueuing = false;

    [HarmonyPrefix, HarmonyPatch(Queue, "QueueAsyncTask")]
    static void QueueAsyncTask() => t_isQueuing = true;

    [HarmonyFinalizer, HarmonyPatch(Queue, "QueueAsyncTask")]
    static void QueuedAsyncTask() => t_isQueuing = false;

    [HarmonyPostfix, HarmonyPatch(Queue, "EnqueueInvocable")]
    static void QueueInvocable(object? __result) => Remember(__result);

    /// <summary>The other two ask what they have made for its number, before they return.</summary>
    [HarmonyPostfix, HarmonyPatch(Work, "get_Guid")]
    static void Made(object __instance)
    {
        if (t_isQueuing)
            Remember(__instance);
    }

    static void Remember(object? work)
    {
        if (work is not null && CurrentSpan.Context is { } sender)
            Senders.AddOrUpdate(work, sender);
    }
}
