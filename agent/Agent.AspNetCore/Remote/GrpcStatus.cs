using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Remote;

/// <summary>The final status of a gRPC call, as the client gets it, and what it means.</summary>
static class GrpcStatus
{
    public const string Cancelled = "CANCELLED", DeadlineExceeded = "DEADLINE_EXCEEDED";

    const string Header = "grpc-status";

    /// <summary>
    /// The one that has been sent: in the trailers, or among the headers of a response without messages. Not ServerCallContext.Status, which
    /// is overwritten when the method ends after its deadline, and does not exist for methods that the server does not have. Null if gRPC
    /// has not answered.
    /// </summary>
    public static string? Of(HttpContext context)
    {
        var sent = Sent(context);
        // Nothing reaches a client that has gone, and it counts its call as cancelled.
        return Client.HasLeft(context) && sent != DeadlineExceeded ? Cancelled : sent;
    }

    static string? Sent(HttpContext context)
    {
        if (context.Features.Get<IHttpResponseFeature>()?.Headers is not { } headers || !headers.TryGetValue(Header, out var value)
            && context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers.TryGetValue(Header, out value) != true)
            return null;
        return GrpcStatusName.Of(value.ToString());
    }

    /// <summary>The one that an RpcException stands for; null for other exceptions. By reflection: the package may not be there, and it is no frequent case.</summary>
    public static string? OfException(Exception exception) =>
        exception.GetType() is { FullName: "Grpc.Core.RpcException" } type && type.GetProperty("StatusCode")?.GetValue(exception) is Enum code ? GrpcStatusName.Of(code.ToString("D")) : null;

    /// <summary>The conventions' rule for servers: the others are what clients do wrong.</summary>
    public static bool IsError(string? status) =>
        status is "UNKNOWN" or DeadlineExceeded or "UNIMPLEMENTED" or "INTERNAL" or "UNAVAILABLE" or "DATA_LOSS";

    /// <summary>The same rule as for HTTP: what the app refuses because it is not valid is a failure, what it refuses otherwise a known error.</summary>
    public static string ResultOf(string status) => status switch
    {
        GrpcStatusName.Ok => ResultType.Success,
        "INVALID_ARGUMENT" => ResultType.Failure,
        _ => ResultType.KnownError,
    };
}
