using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// Requests that stay open as long as the client likes: SignalR's connections, other WebSockets, event streams. Spans of middlewares
/// around them would say nothing and come hours late, so they end when the connection begins.
/// </summary>
[StackTraceHidden]
static class LongConnection
{
    static readonly object Yes = new(), No = new();
    static readonly ConditionalWeakTable<Endpoint, object> Answers = [];

    /// <summary>
    /// A hub's connection that goes on in one request. Its negotiation is an ordinary request, and so are those of long polling: each gets its answer, and
    /// what is sent goes with requests of its own.
    /// </summary>
    public static bool Is(Endpoint endpoint, HttpRequest request)
    {
        if (!Opens(request))
            return false;
        if (!Answers.TryGetValue(endpoint, out var answer))
            Answers.AddOrUpdate(endpoint, answer = IsHub(endpoint.Metadata) ? Yes : No);
        return answer == Yes;
    }

    /// <summary>A WebSocket or a stream of events, which is how a hub's endpoint tells them from long polling.</summary>
    static bool Opens(HttpRequest request) => HttpMethods.IsConnect(request.Method) || (HttpMethods.IsGet(request.Method)
        && (string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase) || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)));

    static bool IsHub(EndpointMetadataCollection metadata)
    {
        var isHub = false;
        for (var i = 0; i < metadata.Count; i++)
        {
            var name = metadata[i].GetType().Name;
            if (name == "NegotiateMetadata")
                return false;
            isHub |= name == "HubMetadata";
        }
        return isHub;
    }

    /// <summary>Whether a response begins that makes its connection a long one. What was asked for does not: HTTP/2 is offered with an Upgrade header, too.</summary>
    /// <param name="request">Of Kestrel, as all three.</param>
    /// <param name="response">Its status and headers are set.</param>
    /// <param name="features">Of both.</param>
    public static bool IsBeginOf(IHttpRequestFeature request, IHttpResponseFeature response, IFeatureCollection features) =>
        response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || response.Headers.ContentType is [{ } type] && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
        || HttpMethods.IsConnect(request.Method) && response.StatusCode is >= 200 and < 300 && features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Ends the spans of the hooks around; that of the endpoint is there for what happens on the connection.</summary>
    /// <param name="features">Of the request.</param>
    public static void Begin(IFeatureCollection features)
    {
        var server = LiveRequest.ServerSpan(Activity.Current);
        if (server is null || features.Get<IHttpActivityFeature>()?.Activity != server)
            return; // something else has its first event written to this connection, too
        for (var scope = CurrentSpan.Scope; scope is not null; scope = scope.Outer)
        {
            var span = scope.Span;
            if (span.Source.Name != Names.DispatchSource || span.GetTagItem(Names.Kind) is not DispatchKind.Hook || span.HasEndTime || LiveRequest.ServerSpan(span.Nearest) != server)
                continue;
            span.SetTag(Names.LongConnection, true);
            CurrentSpan.End(span);
        }
    }

    /// <summary>Ends the spans of the middlewares around, and lets what happens on the connection be children of the request itself.</summary>
    public static Task Invoke(RequestDelegate inner, HttpContext context)
    {
        var scope = CurrentSpan.Scope;
        var outer = scope;
        for (; outer?.Span.Source.Name == Names.DispatchSource; outer = outer.Outer)
        {
            outer.Span.SetTag(Names.ShortCircuited, null);
            outer.Span.SetTag(Names.LongConnection, true);
            CurrentSpan.End(outer.Span);
        }
        CurrentSpan.Scope = outer;
        try
        {
            return inner(context);
        }
        finally
        {
            CurrentSpan.Scope = scope;
        }
    }
}
