using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
using Agent.AspNetCore.Remote;
using Agent.Tracing;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Server;

/// <summary>
/// What ASP.NET Core 10 leaves out of the server span it creates: name, route, status code, protocol version, error
/// (semantic conventions for HTTP servers). What it sets itself at the start stays as it is.
/// </summary>
static class ServerSpan
{
    static readonly PairMap<string, string, string> DisplayNames = new(static (method, route) => $"{method} {route}");

    public static void Complete(HttpContext context, Exception? unhandled)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } activity)
            return;
        Complete(activity, context, unhandled);
        activity.SetTag(Names.HttpStatusCode, context.Response.StatusCode); // last: it shows that the rest is there
        if (!activity.Source.HasListeners())
            Set(activity, Ownerless.Source);
    }

    static void Complete(Activity activity, HttpContext context, Exception? unhandled)
    {
        DispatchSpan.EndCallsBelow(activity);
        if (activity.Duration == default)
            activity.SetEndTime(DateTime.UtcNow); // the mark of LiveRequest, which the framework would make in a moment
        Interlocked.MemoryBarrier();
        AnsweredSpan.CompleteAll(activity, unhandled);
        var method = KnownMethod(context.Request.Method);
        var endpoint = EndpointOf(context, activity);
        if (Route.Name(endpoint) is { } route)
        {
            activity.SetTag(Names.HttpRoute, Route.Template(endpoint));
            activity.DisplayName = DisplayNames[method, route];
        }
        else if (endpoint is null && RouterRoute.Of(activity) is { } router)
        {
            activity.SetTag(Names.HttpRoute, router.Template);
            activity.DisplayName = DisplayNames[method, router.Name];
        }
        else
        {
            activity.DisplayName = method;
        }
        var status = context.Response.StatusCode;
        if (ProtocolVersion(context.Request.Protocol) is { } version)
            activity.SetTag(Names.NetworkProtocolVersion, version);
        if (GrpcMethod.Of(endpoint) is { } grpc && GrpcServerSpan.Complete(activity, grpc, context))
            return;

        var exception = unhandled ?? context.Features.Get<IExceptionHandlerFeature>()?.Error ?? activity.GetCustomProperty(RequestSpan.ExceptionBelow) as Exception;
        // A connection that has been upgraded ends when one of the two goes; nobody has waited for an answer.
        if (status is < 500 and not StatusCodes.Status101SwitchingProtocols && Client.HasLeft(context))
            activity.SetTag(Names.ResultType, ResultType.Aborted);
        else if (exception is BadHttpRequestException { StatusCode: < 500 } && status < 500)
            return; // the client's error, whoever has turned it into an answer
        else if (exception is not null && (unhandled is not null || status >= 500))
            DispatchSpan.Fail(activity, exception);
        else if (status >= 500)
            FailWithStatus(activity, status);
    }

    static void FailWithStatus(Activity activity, int status)
    {
        activity.SetTag(Names.ErrorType, status.ToString(CultureInfo.InvariantCulture));
        activity.SetStatus(ActivityStatusCode.Error);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Source")]
    static extern void Set(Activity activity, ActivitySource source);

    /// <summary>
    /// The framework's source is a service, which is disposed of with its host and then tells nobody of an end. A client has its answer before the
    /// server span ends, and may have disposed of the host by then (WebApplicationFactory). This one has the same name and no host.
    /// </summary>
    static class Ownerless
    {
        public static readonly ActivitySource Source = new(Names.ServerSource);
    }

    /// <summary>Custom property of the server span: it asked for nothing that is there, and a status page answered. Not exported.</summary>
    public const string WithoutEndpoint = "Agent.WithoutEndpoint";

    /// <summary>
    /// The endpoint that the client asked for. An exception handler or a status page that runs the pipeline again replaces it by its own,
    /// under which all failures of an app would be named alike; the framework keeps the first one.
    /// </summary>
    static Endpoint? EndpointOf(HttpContext context, Activity activity) => context.Features.Get<IExceptionHandlerFeature>()?.Endpoint
        ?? context.Items["__OriginalEndpoint"] as Endpoint // HttpExtensions.ClearEndpoint
        ?? (activity.GetCustomProperty(WithoutEndpoint) is null ? context.GetEndpoint() : null);

    /// <summary>Anything else would let a client choose span names.</summary>
    static string KnownMethod(string method) => HttpMethods.GetCanonicalizedValue(method) switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" or "CONNECT" => HttpMethods.GetCanonicalizedValue(method),
        _ => "HTTP",
    };

    static string? ProtocolVersion(string protocol) => protocol switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/3" => "3",
        "HTTP/1.0" => "1.0",
        _ => null,
    };
}
