using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>A span around one run of an activity of Temporal's.</summary>
sealed class TemporalActivitySpan : DispatchSpan
{
    const string Input = "Temporalio.Worker.Interceptors.ExecuteActivityInput, Temporalio", Context = "Temporalio.Activities.ActivityExecutionContext, Temporalio",
        Definition = "Temporalio.Activities.ActivityDefinition, Temporalio", Info = "Temporalio.Activities.ActivityInfo, Temporalio";

    readonly CancellationToken _cancelled;

    TemporalActivitySpan(SpanRecord record, CancellationToken cancelled) : base(record) => _cancelled = cancelled;

    /// <summary>Null if it would not be recorded.</summary>
    public static TemporalActivitySpan? Begin(object input)
    {
        if (!JobSpan.MayBegin)
            return null;
        var context = Current(null);
        var type = ActivityType(InfoOf(context));
        // What is current is of whoever has started the worker.
        var record = CurrentSpan.BeginElsewhere(JobSpan.Source, $"activity {type}", ActivityKind.Consumer, TemporalHeaders.Read(Headers(input)),
            Method(DefinitionOf(input)) is { } method ? [new(Names.CodeFunction, CodeName.Of(method))] : null);
        return record is null ? null : new TemporalActivitySpan(record, Cancelled(context));
    }

    /// <summary>What is no failure to Temporal either: somebody else will tell how it went, the app has said so, or it has been asked to stop.</summary>
    protected override string? ExpectedResult(Exception exception) => exception.GetType().FullName == "Temporalio.Activities.CompleteAsyncException" ? ResultType.Success
        : TemporalFailure.IsBenign(exception) ? ResultType.KnownError
        : exception is OperationCanceledException && _cancelled.IsCancellationRequested ? ResultType.Aborted : null;

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "get_Current")]
    [return: UnsafeAccessorType(Context)]
    static extern object Current([UnsafeAccessorType(Context)] object? type);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Info")]
    [return: UnsafeAccessorType(Info)]
    static extern object InfoOf([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CancellationToken")]
    static extern CancellationToken Cancelled([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ActivityType")]
    static extern string ActivityType([UnsafeAccessorType(Info)] object info);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Activity")]
    [return: UnsafeAccessorType(Definition)]
    static extern object DefinitionOf([UnsafeAccessorType(Input)] object input);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_MethodInfo")]
    static extern MethodInfo? Method([UnsafeAccessorType(Definition)] object definition);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.ReadOnly)]
    static extern object? Headers([UnsafeAccessorType(Input)] object input);
}
