using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Server;
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

    /// <summary>A hub's connection; its negotiation is an ordinary request.</summary>
    public static bool Is(Endpoint endpoint)
    {
        if (!Answers.TryGetValue(endpoint, out var answer))
            Answers.AddOrUpdate(endpoint, answer = IsHub(endpoint.Metadata) ? Yes : No);
        return answer == Yes;
    }

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
        var current = Activity.Current;
        var server = LiveRequest.ServerSpan(current);
        if (server is null || features.Get<IHttpActivityFeature>()?.Activity != server)
            return; // something else has its first event written to this connection, too
        for (var activity = current; activity != server; activity = activity!.Parent)
        {
            if (activity!.Source.Name != Names.DispatchSource || activity.GetTagItem(Names.Kind) is not DispatchKind.Hook || activity.Duration != default)
                continue;
            activity.SetTag(Names.LongConnection, true);
            activity.Stop();
        }
        Activity.Current = current;
    }

    /// <summary>Ends the spans of the middlewares around, and lets what happens on the connection be children of the request itself.</summary>
    public static Task Invoke(RequestDelegate inner, HttpContext context)
    {
        var current = Activity.Current;
        var outer = current;
        while (outer?.Source.Name == Names.DispatchSource)
        {
            outer.SetTag(Names.ShortCircuited, null);
            outer.SetTag(Names.LongConnection, true);
            outer.Stop();
            outer = outer.Parent;
        }
        Activity.Current = outer;
        try
        {
            return inner(context);
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
