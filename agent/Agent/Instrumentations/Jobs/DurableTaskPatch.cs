using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>The span of an activity of DurableTask's says that it has failed, and not with what: the library catches what the app throws, and keeps the message.</summary>
[HarmonyPatch("Microsoft.DurableTask.Worker.Shims.TaskActivityShim, Microsoft.DurableTask.Worker", "RunAsync")]
static class DurableTaskPatch
{
    static void Prefix(out Activity? __state) => __state = Activity.Current is { IsAllDataRequested: true, Source.Name: "Microsoft.DurableTask" } current ? current : null;

    static void Finalizer(Exception? __exception, Task? __result, Activity? __state)
    {
        if (__state is not null)
            DispatchSpan.FailWith(new SpanRecord(__state), __exception, __result);
    }

    /// <summary>An orchestrator's code runs again, from its beginning, for each thing that happens: what it calls would be told again each time. So this one has no switch.</summary>
    [HarmonyPatch("Microsoft.DurableTask.Worker.Shims.TaskOrchestrationShim, Microsoft.DurableTask.Worker", "Execute")]
    internal static class SilencePatch
    {
        static void Prefix(out SpanScope? __state) => __state = CurrentSpan.Silence();

        static void Finalizer(SpanScope? __state) => CurrentSpan.Scope = __state;
    }
}
