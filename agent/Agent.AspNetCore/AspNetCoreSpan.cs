using System.Diagnostics;
using Agent.Tracing;

namespace Agent.AspNetCore;

/// <summary>A span of dispatch in ASP.NET Core, below a request, a hub's call or an event of a circuit.</summary>
class AspNetCoreSpan(SpanRecord record) : DispatchSpan(record)
{
    protected static readonly ActivitySource Source = new(Names.DispatchSource, AgentProcess.Version);

    /// <summary>Begins a span that needs nothing at its end but the exception; null if it is not wanted.</summary>
    public static AspNetCoreSpan? Begin(SpanDescription description) => Start(description) is { } record ? new AspNetCoreSpan(record) : null;

    /// <summary>A span that encloses what follows; null if none is wanted here.</summary>
    /// <param name="description">Its name and first attributes.</param>
    /// <param name="since">When it has begun, if that was earlier.</param>
    /// <param name="kind">Whether it is a call of somebody else.</param>
    protected static SpanRecord? Start(SpanDescription description, DateTimeOffset since = default, ActivityKind kind = ActivityKind.Internal) =>
        IsWanted ? CurrentSpan.Begin(Source, description.Name, kind, description.Tags, since) : null;
}
