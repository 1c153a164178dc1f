using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>A span around one run of a job or a step, whose library has no span for it. It belongs to the trace of the one who has handed it over, if that is known; otherwise it is a trace of its own.</summary>
sealed class JobSpan : DispatchSpan
{
    internal static readonly ActivitySource Source = new(Names.JobSource, AgentProcess.Version);

    JobSpan(SpanRecord record) : base(record) { }

    /// <summary>Whether the running code is directly inside of one.</summary>
    public static bool IsAround => Around is not null;

    /// <summary>The one that the running code is directly inside of; null if there is none.</summary>
    public static SpanRecord? Around => CurrentSpan.Innermost is { IsStopped: false } span && span.Source == Source ? span : null;

    /// <summary>Whether one that begins now might be recorded.</summary>
    public static bool MayBegin => AgentProcess.WaitUntilTracing() && Source.HasListeners();

    /// <summary>Null if it would not be recorded.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">The value of code.function.name.</param>
    /// <param name="sender">Of the one who has handed it over; default if nobody has.</param>
    public static JobSpan? Begin(string name, string? function, ActivityContext sender)
    {
        if (!MayBegin)
            return null;
        // What is current is of whoever has started the library.
        var record = CurrentSpan.BeginElsewhere(Source, name, ActivityKind.Consumer, sender, function is null ? null : [new(Names.CodeFunction, function)]);
        return record is null ? null : new JobSpan(record);
    }

    /// <summary>That the job is handed over, in the trace of the one who does it.</summary>
    public static JobSpan? Start(string name, ActivityKind kind = ActivityKind.Producer) => MayStart(Source) && CurrentSpan.Begin(Source, name, kind) is { } record ? new JobSpan(record) : null;

    /// <summary>What what is handed over gets as its sender.</summary>
    public Activity ToActivity() => Record.ToActivity();
}
