using System.Collections;
using System.Runtime.CompilerServices;

namespace Agent.Instrumentations.Jobs;

/// <summary>What a workflow's code orders: a WorkflowCommand, which is one of many kinds.</summary>
static class TemporalCommand
{
    internal const string Type = $"{Namespace}.WorkflowCommand, Temporalio";

    const string Namespace = "Temporalio.Bridge.Api.WorkflowCommands", Activity = $"{Namespace}.ScheduleActivity, Temporalio", Local = $"{Namespace}.ScheduleLocalActivity, Temporalio",
        Child = $"{Namespace}.StartChildWorkflowExecution, Temporalio", Signal = $"{Namespace}.SignalExternalWorkflowExecution, Temporalio",
        Next = $"{Namespace}.ContinueAsNewWorkflowExecution, Temporalio";

    /// <summary>The headers of an activity, a child or a signal; null if it is something else.</summary>
    public static IDictionary? Headers(object command) => (IDictionary?)(
        ActivityOf(command) is { } activity ? HeadersOfActivity(activity)
        : LocalOf(command) is { } local ? HeadersOfLocal(local)
        : ChildOf(command) is { } child ? HeadersOfChild(child)
        : SignalOf(command) is { } signal ? HeadersOfSignal(signal)
        : null);

    /// <summary>The headers of the run that follows, if the workflow goes on as a new one.</summary>
    public static IDictionary? HeadersOfNextRun(object command) => NextOf(command) is { } next ? (IDictionary)HeadersOfNext(next) : null;

    /// <summary>Whether the workflow ends with it.</summary>
    public static bool IsEnd(object command, out bool isFailure)
    {
        isFailure = FailureOf(command) is not null;
        return isFailure || CompletionOf(command) is not null || CancellationOf(command) is not null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ScheduleActivity")]
    [return: UnsafeAccessorType(Activity)]
    static extern object? ActivityOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.Map)]
    static extern object HeadersOfActivity([UnsafeAccessorType(Activity)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ScheduleLocalActivity")]
    [return: UnsafeAccessorType(Local)]
    static extern object? LocalOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.Map)]
    static extern object HeadersOfLocal([UnsafeAccessorType(Local)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_StartChildWorkflowExecution")]
    [return: UnsafeAccessorType(Child)]
    static extern object? ChildOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.Map)]
    static extern object HeadersOfChild([UnsafeAccessorType(Child)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SignalExternalWorkflowExecution")]
    [return: UnsafeAccessorType(Signal)]
    static extern object? SignalOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.Map)]
    static extern object HeadersOfSignal([UnsafeAccessorType(Signal)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ContinueAsNewWorkflowExecution")]
    [return: UnsafeAccessorType(Next)]
    static extern object? NextOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.Map)]
    static extern object HeadersOfNext([UnsafeAccessorType(Next)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CompleteWorkflowExecution")]
    [return: UnsafeAccessorType($"{Namespace}.CompleteWorkflowExecution, Temporalio")]
    static extern object? CompletionOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_FailWorkflowExecution")]
    [return: UnsafeAccessorType($"{Namespace}.FailWorkflowExecution, Temporalio")]
    static extern object? FailureOf([UnsafeAccessorType(Type)] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CancelWorkflowExecution")]
    [return: UnsafeAccessorType($"{Namespace}.CancelWorkflowExecution, Temporalio")]
    static extern object? CancellationOf([UnsafeAccessorType(Type)] object command);
}
