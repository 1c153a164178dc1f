using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// One run of a workflow, as a worker has it in memory. It may take days, and be gone on with by another worker: so its span has an id that each of them finds, and is told when the run has
/// ended; what it orders belongs below it from the beginning.
/// </summary>
sealed class TemporalRun
{
    internal const string Instance = "Temporalio.Worker.WorkflowInstance, Temporalio";

    const string Info = "Temporalio.Workflows.WorkflowInfo, Temporalio", Definition = "Temporalio.Workflows.WorkflowDefinition, Temporalio";

    readonly List<Handled> _handled = [];
    readonly string _type;
    readonly DateTime _since;
    readonly Activity? _span;
    bool _isTold;

    TemporalRun(object instance, string type, DateTime since, object? headers)
    {
        (_type, _since, Headers) = (type, since, headers);
        var sender = TemporalHeaders.Read(headers);
        var id = SHA256.HashData(Encoding.UTF8.GetBytes(RunId(InfoOf(instance))));
        _span = CurrentSpan.Foretell(JobSpan.Source, $"workflow {type}", ActivityKind.Consumer, sender,
            RunMethod(DefinitionOf(instance)) is { } method ? [new(Names.CodeFunction, CodeName.Of(method))] : null,
            sender != default ? sender.TraceId : ActivityTraceId.CreateFromBytes(id.AsSpan(8, 16)), ActivitySpanId.CreateFromBytes(id.AsSpan(0, 8)));
    }

    /// <summary>What it has been started with.</summary>
    public object? Headers { get; }

    /// <summary>The span, if what it orders can name it; it has not begun.</summary>
    public Activity? Span => _span;

    /// <summary>When its code began to run this time.</summary>
    public DateTime Activated { get; set; }

    /// <summary>What it fails with, if it fails.</summary>
    public Exception? Failure { get; set; }

    /// <param name="instance">A WorkflowInstance whose code is about to run for the first time.</param>
    /// <param name="since">When that was in its history, if it is only repeated now.</param>
    public static TemporalRun Begin(object instance, DateTime? since) => new(instance, WorkflowType(InfoOf(instance)), since ?? DateTime.UtcNow, HeadersOf(InfoOf(instance)));

    /// <summary>A handler of a signal, an update or a query has been called.</summary>
    public void Handle(Handled handled) => _handled.Add(handled);

    /// <summary>Handlers that have come to their end have spans, in the trace of the one who has sent the message, or else below the workflow's.</summary>
    /// <param name="isReplaying">That they had come to it before; only queries are asked once.</param>
    public void TellHandled(bool isReplaying)
    {
        foreach (var handled in _handled)
        {
            if (handled.Task is { IsCompleted: false } || (isReplaying && !handled.IsQuery))
                continue;
            var sender = TemporalHeaders.Read(handled.Headers);
            Tell($"handle {handled.Name}", sender == default && _span is not null ? _span.Context : sender, handled.Since, handled.Exception ?? DispatchSpan.ExceptionOf(handled.Task));
        }
        _handled.RemoveAll(static handled => handled.Task is not { IsCompleted: false });
    }

    /// <summary>Its code has failed in a way that is not the workflow's result: it will be tried again, until somebody has mended it.</summary>
    public void TellFailed(Exception exception)
    {
        if (_span is not null)
            Tell($"workflow task {_type}", _span.Context, Activated, exception);
    }

    /// <summary>It has ended.</summary>
    public void TellEnded(Exception? exception)
    {
        if (_span is null || _isTold)
            return;
        _isTold = true;
        End(_span, _since, exception);
    }

    static void Tell(string name, ActivityContext parent, DateTime since, Exception? exception)
    {
        if (CurrentSpan.Foretell(JobSpan.Source, name, ActivityKind.Consumer, parent, null, parent.TraceId, ActivitySpanId.CreateRandom()) is { } span)
            End(span, since, exception);
    }

    static void End(Activity span, DateTime since, Exception? exception)
    {
        if (exception is not null && span.IsAllDataRequested)
            DispatchSpan.Fail(span, TemporalFailure.Cause(exception), TemporalFailure.IsBenign(exception) ? ResultType.KnownError : null);
        CurrentSpan.Tell(span, since);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Info")]
    [return: UnsafeAccessorType(Info)]
    static extern object InfoOf([UnsafeAccessorType(Instance)] object instance);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RunId")]
    static extern string RunId([UnsafeAccessorType(Info)] object info);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_WorkflowType")]
    static extern string WorkflowType([UnsafeAccessorType(Info)] object info);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType(TemporalHeaders.ReadOnly)]
    static extern object? HeadersOf([UnsafeAccessorType(Info)] object info);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Definition")]
    [return: UnsafeAccessorType(Definition)]
    static extern object DefinitionOf([UnsafeAccessorType(Instance)] object instance);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RunMethod")]
    static extern MethodInfo? RunMethod([UnsafeAccessorType(Definition)] object definition);

    /// <summary>A call of a handler.</summary>
    /// <param name="Name">Of the signal, update or query.</param>
    /// <param name="Headers">Of the one who has sent it.</param>
    /// <param name="Since">When it was called.</param>
    /// <param name="Task">What it has returned; null if it is synchronous, or has thrown.</param>
    /// <param name="Exception">What it has thrown.</param>
    /// <param name="IsQuery">That it is no part of the history.</param>
    public sealed record Handled(string Name, object? Headers, DateTime Since, Task? Task, Exception? Exception, bool IsQuery);
}
