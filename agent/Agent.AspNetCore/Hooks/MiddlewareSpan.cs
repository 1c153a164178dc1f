using System.Diagnostics;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>A span around one call of a middleware.</summary>
sealed class MiddlewareSpan(SpanRecord record, HttpContext context) : RequestSpan(record, context)
{
    /// <param name="name">One string instance per middleware: <see cref="Enter"/> compares references.</param>
    public static MiddlewareSpan? Begin(string name, KeyValuePair<string, object?>[] tags, HttpContext context) =>
        CurrentSpan.Begin(Source, name, ActivityKind.Internal, tags) is { } record ? new MiddlewareSpan(record, context) : null;

    /// <summary>The middleware of that name has called its next one.</summary>
    public static void Enter(string name) => TakeMark(name, Names.ShortCircuited);

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (exception is not null)
            Record.SetTag(Names.ShortCircuited, null); // it has failed, not answered
        else if (Record.GetTagItem(Names.ShortCircuited) is not null && Answer is { Status: var status })
            ResponseResult.SetStatus(Record, status); // it has answered, so the status is its own
    }
}
