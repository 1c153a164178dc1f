using System.Diagnostics;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore;

/// <summary>A span of dispatch inside an HTTP request.</summary>
class RequestSpan(Activity activity, HttpContext context) : DispatchSpan(activity)
{
    protected static readonly ActivitySource Source = new(Names.DispatchSource, AgentProcess.Version);

    protected HttpContext Context => context;

    protected override bool IsAbort(Exception exception) => exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested;
}
