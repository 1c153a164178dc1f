using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>A span around one run of a Hangfire job. It belongs to the trace of the one who has created the job, if that is known.</summary>
sealed class HangfireJobSpan : DispatchSpan
{
    const string Context = "Hangfire.Server.PerformContext, Hangfire.Core", Job = "Hangfire.Common.Job, Hangfire.Core";

    static readonly ActivitySource Source = new(Names.JobSource, AgentProcess.Version);

    HangfireJobSpan(SpanRecord record) : base(record) { }

    /// <summary>Null if it would not be recorded.</summary>
    public static HangfireJobSpan? Begin(object context)
    {
        if (!Source.HasListeners())
            return null;
        var job = JobOf(context);
        var creator = MessageContext.Extract(context, static (context, name) => Parameter<string>(context, name));
        // Nothing is above it in this process: the worker's thread goes from job to job.
        var record = CurrentSpan.BeginElsewhere(Source, $"job {TypeOf(job).Name}.{MethodOf(job).Name}", ActivityKind.Consumer, creator,
            [new(Names.CodeFunction, $"{TypeOf(job).FullName}.{MethodOf(job).Name}")]);
        return record is null ? null : new HangfireJobSpan(record);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Job")]
    [return: UnsafeAccessorType(Job)]
    static extern object JobOf([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Type")]
    static extern Type TypeOf([UnsafeAccessorType(Job)] object job);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Method")]
    static extern MethodInfo MethodOf([UnsafeAccessorType(Job)] object job);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetJobParameter")]
    static extern T? Parameter<T>([UnsafeAccessorType(Context)] object context, string name);
}
