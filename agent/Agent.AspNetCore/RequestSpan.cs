using System.Diagnostics;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore;

/// <summary>A span of dispatch inside an HTTP request.</summary>
class RequestSpan(Activity activity, HttpContext context) : DispatchSpan(activity)
{
    protected static readonly ActivitySource Source = new(Names.DispatchSource, AgentProcess.Version);

    /// <summary>Custom property of the server span: the last exception that a span below has seen. Not exported.</summary>
    public const string ExceptionBelow = "Agent.ExceptionBelow";

    /// <summary>Lets the server span know what went wrong below, whoever turns it into a response (the developer exception page tells nobody).</summary>
    protected override void Complete(Exception? exception)
    {
        if (exception is not null && !IsAbort(exception))
            context.Features.Get<IHttpActivityFeature>()?.Activity.SetCustomProperty(ExceptionBelow, exception);
    }

    protected override bool IsAbort(Exception exception) => exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested;
}
