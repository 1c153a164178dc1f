using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Remote;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Endpoints;

/// <summary>Endpoints that were built before the agent was attached: what is patched or wrapped when one is built, is so at its first request here.</summary>
static class BuiltEndpoint
{
    static readonly Attempts Attempts = new("endpoints that were there before the agent");
    static readonly Lock Gate = new();
    static ConditionalWeakTable<Endpoint, object> s_seen = [];

    /// <summary>Calls the endpoint middleware where neither it nor the endpoint has a span.</summary>
    [StackTraceHidden]
    public static Task Invoke(RequestDelegate inner, HttpContext context)
    {
        if (context.GetEndpoint() is { RequestDelegate: not null } endpoint)
            See(endpoint, context);
        return inner(context);
    }

    public static void See(Endpoint endpoint, HttpContext context)
    {
        if (!s_seen.TryGetValue(endpoint, out _))
            Attempts.Make((endpoint, context), static argument => Enclose(argument.endpoint, argument.context));
    }

    static object? Enclose(Endpoint endpoint, HttpContext context)
    {
        lock (Gate) // other requests wait until it has its spans
        {
            if (s_seen.TryGetValue(endpoint, out var seen))
                return seen;
            Attachment.Undo(Forget);
            if (Switches.IsOn(Settings.Current, "ENDPOINTFILTER", "REMOTE"))
                FilteredHandler.Enclose(endpoint);
            if (Switches.IsOn(Settings.Current, "GRPCINTERCEPTOR", "REMOTE"))
                GrpcMethod.SeeInterceptors(endpoint, context.RequestServices);
            s_seen.Add(endpoint, endpoint);
            return endpoint;
        }
    }

    static void Forget() => s_seen = [];
}
