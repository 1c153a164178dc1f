using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

static partial class TemporalioPatch
{
    /// <summary>
    /// Whatever happens to a workflow, a worker runs its code for it, all of it from the beginning if it has not kept it. The code must do the same then, on one thread, by a scheduler of its own that
    /// takes every other task for a mistake: so nothing of ours runs in it (<see cref="SilencePatch"/>). What it has ordered is a list when it has returned, and is given its context there; the span of a workflow is told once,
    /// when it has ended and that is new.
    /// </summary>
    [HarmonyPatch(TemporalRun.Instance, "Activate")]
    internal static class WorkflowPatch
    {
        const string Activation = "Temporalio.Bridge.Api.WorkflowActivation.WorkflowActivation, Temporalio",
            Completion = "Temporalio.Bridge.Api.WorkflowCompletion.WorkflowActivationCompletion, Temporalio", Success = "Temporalio.Bridge.Api.WorkflowCompletion.Success, Temporalio";

        internal static readonly ConditionalWeakTable<object, TemporalRun> Runs = [];

        static void Prefix(object __instance, object act)
        {
            if (IsTracedByApp || !JobSpan.MayBegin)
                return;
            if (!Runs.TryGetValue(__instance, out var run))
                Runs.Add(__instance, run = TemporalRun.Begin(__instance, IsReplaying(act) ? ToDateTime(Timestamp(act)) : null));
            run.Activated = DateTime.UtcNow;
        }

        static void Finalizer(object __instance, object act, object? __result)
        {
            if (__result is null || !Runs.TryGetValue(__instance, out var run))
                return;
            run.TellHandled(IsReplaying(act));
            if (IsReplaying(act))
                return; // what it has ordered was ordered then
            if (Failed(__result) is not null)
            {
                if (ActivationException(__instance) is { } exception)
                    run.TellFailed(exception);
            }
            else if (Successful(__result) is { } done)
            {
                foreach (var command in (IEnumerable)Commands(done))
                    Ordered(run, command);
            }
        }

        static void Ordered(TemporalRun run, object command)
        {
            if (TemporalCommand.Headers(command) is { } headers)
            {
                if (run.Span is { } span)
                    TemporalHeaders.Add(headers, span);
                else
                    TemporalHeaders.HandOn(headers, run.Headers);
            }
            else if (TemporalCommand.HeadersOfNextRun(command) is { } next)
            {
                TemporalHeaders.HandOn(next, run.Headers); // beside this one: a workflow that goes on for ever would nest for ever
                run.TellEnded(null);
            }
            else if (TemporalCommand.IsEnd(command, out var isFailure))
                run.TellEnded(isFailure ? run.Failure : null);
        }

        /// <summary>Asked of whatever the code has thrown, whether it is the workflow's result.</summary>
        [HarmonyPostfix, HarmonyPatch(TemporalRun.Instance, "IsWorkflowFailureException")]
        static void Fails(object __instance, Exception e, bool __result)
        {
            if (__result && Runs.TryGetValue(__instance, out var run))
                run.Failure = e;
        }

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsReplaying")]
        static extern bool IsReplaying([UnsafeAccessorType(Activation)] object activation);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Timestamp")]
        [return: UnsafeAccessorType("Google.Protobuf.WellKnownTypes.Timestamp, Google.Protobuf")]
        static extern object Timestamp([UnsafeAccessorType(Activation)] object activation);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ToDateTime")]
        static extern DateTime ToDateTime([UnsafeAccessorType("Google.Protobuf.WellKnownTypes.Timestamp, Google.Protobuf")] object timestamp);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Failed")]
        [return: UnsafeAccessorType("Temporalio.Bridge.Api.WorkflowCompletion.Failure, Temporalio")]
        static extern object? Failed([UnsafeAccessorType(Completion)] object completion);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Successful")]
        [return: UnsafeAccessorType(Success)]
        static extern object? Successful([UnsafeAccessorType(Completion)] object completion);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Commands")]
        [return: UnsafeAccessorType($"Google.Protobuf.Collections.RepeatedField`1[[{TemporalCommand.Type}]], Google.Protobuf")]
        static extern object Commands([UnsafeAccessorType(Success)] object success);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "currentActivationException")]
        static extern ref Exception? ActivationExceptionOf([UnsafeAccessorType(TemporalRun.Instance)] object instance);

        static Exception? ActivationException(object instance) => ActivationExceptionOf(instance);
    }

    /// <summary>No span begins in a workflow's code, of whatever instrumentation: the task that it would end with would fail the app's. So this one has no switch.</summary>
    [HarmonyPatch(TemporalRun.Instance, "Activate")]
    internal static class SilencePatch
    {
        static void Prefix(out SpanScope? __state) => __state = CurrentSpan.Silence();

        static void Finalizer(SpanScope? __state) => CurrentSpan.Scope = __state;
    }

    /// <summary>Called in the workflow's code; what they do is asked when that has returned.</summary>
    [HarmonyPatch(Inbound, "HandleSignalAsync")]
    internal static class HandlerPatch
    {
        const string Inbound = "Temporalio.Worker.WorkflowInstance+InboundImpl, Temporalio", Signal = "Temporalio.Worker.Interceptors.HandleSignalInput, Temporalio",
            Update = "Temporalio.Worker.Interceptors.HandleUpdateInput, Temporalio", Query = "Temporalio.Worker.Interceptors.HandleQueryInput, Temporalio";

        static void Prefix(object ___instance, out DateTime __state) => __state = Now(___instance);

        static void Finalizer(object ___instance, object input, Exception? __exception, Task? __result, DateTime __state)
        {
            if (WorkflowPatch.Runs.TryGetValue(___instance, out var run))
                run.Handle(new(SignalOf(input), SignalHeaders(input), __state, __result, __exception, IsQuery: false));
        }

        [HarmonyPrefix, HarmonyPatch(Inbound, "HandleUpdateAsync")]
        static void BeginUpdate(object ___instance, out DateTime __state) => __state = Now(___instance);

        [HarmonyFinalizer, HarmonyPatch(Inbound, "HandleUpdateAsync")]
        static void EndUpdate(object ___instance, object input, Exception? __exception, Task? __result, DateTime __state)
        {
            if (WorkflowPatch.Runs.TryGetValue(___instance, out var run))
                run.Handle(new(UpdateOf(input), UpdateHeaders(input), __state, __result, __exception, IsQuery: false));
        }

        [HarmonyPrefix, HarmonyPatch(Inbound, "HandleQuery")]
        static void BeginQuery(out DateTime __state) => __state = DateTime.UtcNow;

        [HarmonyFinalizer, HarmonyPatch(Inbound, "HandleQuery")]
        static void EndQuery(object ___instance, object input, Exception? __exception, DateTime __state)
        {
            if (WorkflowPatch.Runs.TryGetValue(___instance, out var run))
                run.Handle(new(QueryOf(input), QueryHeaders(input), __state, null, __exception, IsQuery: true));
        }

        /// <summary>In a replay, when it was.</summary>
        static DateTime Now(object instance) => IsReplayingNow(instance) ? UtcNow(instance) : DateTime.UtcNow;

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsReplaying")]
        static extern bool IsReplayingNow([UnsafeAccessorType(TemporalRun.Instance)] object instance);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_UtcNow")]
        static extern DateTime UtcNow([UnsafeAccessorType(TemporalRun.Instance)] object instance);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Signal")]
        static extern string SignalOf([UnsafeAccessorType(Signal)] object input);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
        [return: UnsafeAccessorType(TemporalHeaders.ReadOnly)]
        static extern object? SignalHeaders([UnsafeAccessorType(Signal)] object input);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Update")]
        static extern string UpdateOf([UnsafeAccessorType(Update)] object input);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
        [return: UnsafeAccessorType(TemporalHeaders.ReadOnly)]
        static extern object? UpdateHeaders([UnsafeAccessorType(Update)] object input);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Query")]
        static extern string QueryOf([UnsafeAccessorType(Query)] object input);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
        [return: UnsafeAccessorType(TemporalHeaders.ReadOnly)]
        static extern object? QueryHeaders([UnsafeAccessorType(Query)] object input);
    }
}
