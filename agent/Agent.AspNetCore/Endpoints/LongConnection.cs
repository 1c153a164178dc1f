using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// Requests that stay open as long as the client likes: SignalR's connections, other WebSockets, event streams. Spans of middlewares
/// around them would say nothing and come hours late, so they end when the connection begins, or are not made at all.
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

    /// <summary>The client asks for a connection of this kind, so no middleware gets a span.</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) || request.Headers.Accept is ["text/event-stream"];

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
