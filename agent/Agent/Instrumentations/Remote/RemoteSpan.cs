using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Remote;

/// <summary>A client span around one call of another service (semantic conventions for RPC), with nothing of what is said.</summary>
class RemoteSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.RemoteSource, AgentProcess.Version);

    protected RemoteSpan(SpanRecord record) : base(record) { }

    /// <summary>Whether there may be one now.</summary>
    protected static bool MayStart() => MayStart(Source);

    /// <summary>Null if it would not be recorded. Outside of a request it is a trace of its own.</summary>
    public static RemoteSpan? Begin(string system, string method) => MayStart() && Start(method, system, method) is { } record ? new RemoteSpan(record) : null;

    protected static SpanRecord? Start(string name, string system, string method) =>
        CurrentSpan.Begin(Source, name, ActivityKind.Client)?.SetTag(Names.RpcSystem, system).SetTag(Names.RpcMethod, method);
}
