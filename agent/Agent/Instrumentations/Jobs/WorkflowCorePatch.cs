using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// One span per step of WorkflowCore's, in the trace of the one who has started the workflow, if that was this process. The library's own source has thirty spans a second of
/// three queues that are empty, none of which says whose it is, and a step's failure has no reason.
/// </summary>
[HarmonyPatch("WorkflowCore.Services.WorkflowExecutor, WorkflowCore", "ExecuteStep")]
static class WorkflowCorePatch
{
    const string Instance = "WorkflowCore.Models.WorkflowInstance, WorkflowCore", Step = "WorkflowCore.Models.WorkflowStep, WorkflowCore";

    /// <summary>Workflows may be many and never end; of the oldest ones the steps are traces of their own.</summary>
    const int MostRemembered = 10_000;

    static readonly ConcurrentDictionary<string, ActivityContext> Starters = new(StringComparer.Ordinal);
    static readonly ConcurrentQueue<string> Oldest = [];

    /// <summary>A workflow is being started in this flow.</summary>
    static readonly AsyncLocal<bool> IsStarting = new();

    static void Prefix(object workflow, object step, out JobSpan? __state)
    {
        __state = null;
        if (!JobSpan.MayBegin)
            return;
        Starters.TryGetValue(IdOf(workflow) ?? "", out var starter);
        var type = BodyOf(step) is { } body && body.Assembly.GetName().Name != "WorkflowCore" ? body : null; // not what the library itself does for a lambda, a condition, a loop
        var name = NameOf(step) is { Length: > 0 } given ? given : type is not null ? CodeName.Simple(type) : BodyOf(step) is { Name: not "InlineStepBody" } own ? CodeName.Simple(own) : "inline";
        __state = JobSpan.Begin($"step {name}", type is null ? null : $"{CodeName.Full(type)}.Run", starter);
        __state?.Set("workflow.definition", DefinitionOf(workflow));
    }

    static void Finalizer(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);

    /// <summary>Its store gives it its id, before anybody can find it.</summary>
    [HarmonyPrefix, HarmonyPatch(Instance, "set_Id")]
    static void SetId(string? value)
    {
        if (value is null || !IsStarting.Value || CurrentSpan.Context is not { } starter || !Starters.TryAdd(value, starter))
            return;
        Oldest.Enqueue(value);
        if (Oldest.Count > MostRemembered && Oldest.TryDequeue(out var oldest))
            Starters.TryRemove(oldest, out _);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Id")]
    static extern string? IdOf([UnsafeAccessorType(Instance)] object workflow);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_WorkflowDefinitionId")]
    static extern string? DefinitionOf([UnsafeAccessorType(Instance)] object workflow);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Name")]
    static extern string? NameOf([UnsafeAccessorType(Step)] object step);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_BodyType")]
    static extern Type? BodyOf([UnsafeAccessorType(Step)] object step);

    /// <summary>It asks its store again and again whether something is due, and its queues.</summary>
    [HarmonyPatch("WorkflowCore.Services.BackgroundTasks.QueueConsumer, WorkflowCore", "Execute")]
    internal static class OwnPatch
    {
        static IEnumerable<MethodBase> TargetMethods() =>
        [
            .. LibraryMethods.Of("WorkflowCore", "WorkflowCore.Services.BackgroundTasks.QueueConsumer", BindingFlags.NonPublic).Where(static method => method.Name == "Execute"),
            .. LibraryMethods.Of("WorkflowCore", "WorkflowCore.Services.BackgroundTasks.RunnablePoller", BindingFlags.NonPublic).Where(static method => method.Name.StartsWith("Poll", StringComparison.Ordinal)),
        ];

        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>Middlewares of the app's.</summary>
    [HarmonyPatch("WorkflowCore.Services.WorkflowMiddlewareRunner, WorkflowCore", "RunWorkflowMiddleware")]
    internal static class MiddlewarePatch
    {
        static void Prefix(out bool __state) => __state = Bookkeeping.Set(false);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>The overload that all others end in.</summary>
    [HarmonyPatch("WorkflowCore.Services.WorkflowController, WorkflowCore", "StartWorkflow")]
    internal static class StartPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("WorkflowCore", "WorkflowCore.Services.WorkflowController")
            .Where(static method => method.Name == "StartWorkflow" && method.IsGenericMethodDefinition && method.GetParameters().Length == 4);

        static void Prefix(string? workflowId, out JobSpan? __state)
        {
            __state = JobSpan.Start($"start workflow {workflowId}");
            IsStarting.Value = __state is not null;
        }

        static void Finalizer(Exception? __exception, Task? __result, JobSpan? __state)
        {
            if (__state is null)
                return;
            IsStarting.Value = false; // what follows in the caller
            __state.End(__exception, __result);
        }
    }
}
