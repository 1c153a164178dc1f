using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Server;

/// <summary>
/// What may still be asked of the request that a span is in. Contexts and what is behind them are pooled: after the end of a request the same objects are
/// those of the next one, while a middleware that was not waited for may still run. Only its server span is the request's own, so that tells.
/// </summary>
static class LiveRequest
{
    /// <summary>The name of the server span that the framework makes.</summary>
    public const string Operation = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    /// <summary>The server span above; null outside of requests.</summary>
    public static Activity? ServerSpan(Activity? activity)
    {
        while (activity is not null && activity.OperationName != Operation)
            activity = activity.Parent;
        return activity;
    }

    /// <summary>Whether a span would be in a request that has ended.</summary>
    public static bool HasEnded(Activity? activity) => ServerSpan(activity) is { } span && IsOver(span);

    /// <summary>Asks a request something. False if it has ended, or may have: then the answer could be another request's.</summary>
    /// <param name="span">A span in it.</param>
    /// <param name="context">Its context.</param>
    /// <param name="read">Only looks, at features and not through the context, which keeps what it has found for whoever has it next.</param>
    /// <param name="value">The answer.</param>
    public static bool TryRead<T>(SpanRecord span, HttpContext context, Func<HttpContext, T> read, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (ServerSpan(span.Nearest) is not { } server || IsOver(server))
            return false;
        try
        {
            value = read(context);
        }
        catch (Exception) when (IsOver(server))
        {
            return false;
        }
        Volatile.ReadBarrier(); // it may have ended meanwhile
        return !IsOver(server);
    }

    /// <summary>Whether a request has ended.</summary>
    /// <param name="span">Its server span.</param>
    public static bool IsOver(Activity span) => span.Duration != default;
}
