using System.Diagnostics;
using Agent.AspNetCore.Remote;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Endpoints;

/// <summary>Stands around the framework's endpoint middleware: a span around the endpoint that routing has chosen.</summary>
[StackTraceHidden] // the app prints and logs stack traces; they stay as they are
sealed class EndpointDispatch(RequestDelegate inner)
{
    static readonly Attempts Attempts = new("endpoints");

    /// <summary>Whether a component of a pipeline is the endpoint middleware.</summary>
    public static bool IsFor(Delegate component) => component.Target?.ToString() == "Microsoft.AspNetCore.Routing.EndpointMiddleware";

    public Task Invoke(HttpContext context)
    {
        if (!RequestSpan.MayAsk || context.GetEndpoint() is not { RequestDelegate: not null } endpoint)
            return inner(context);
        if (Attachment.IsLate)
            BuiltEndpoint.See(endpoint, context);
        return LongConnection.Is(endpoint, context.Request) ? LongConnection.Invoke(inner, context) : InvokeTraced(endpoint, context);
    }

    Task InvokeTraced(Endpoint endpoint, HttpContext context)
    {
        var span = Attempts.Make((endpoint, context), static argument => Begin(argument.endpoint, argument.context));
        return span is null ? inner(context) : span.Around(inner);
    }

    public static RequestSpan? Begin(Endpoint endpoint, HttpContext context) =>
        GrpcMethod.Of(endpoint) is { } method ? GrpcSpan.Begin(method, context) : EndpointSpan.Begin(endpoint, context);
}
