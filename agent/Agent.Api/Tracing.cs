using System.Diagnostics;

namespace Agent.Api;

/// <summary>
/// The spans of the request that the calling code runs in. Works anywhere below the request: services, middlewares, handlers, after awaits.
/// Without the agent, or outside of a request, every member is there and does nothing.
/// </summary>
/// <example><code>Tracing.Root.SetAttribute("user.id", user.Id);</code></example>
public static class Tracing
{
    /// <summary>Data set in <see cref="AppContext"/> by an agent that traces this process.</summary>
    const string Marker = "Agent.Tracing";

    /// <summary>Whether the agent traces this process. The answer does not change while the process runs.</summary>
    public static bool Enabled { get; } = AppContext.GetData(Marker) is not null;

    /// <summary>
    /// The outermost span of this process that encloses the caller: of an HTTP request the server span, whatever middleware or handler
    /// is running. Inert where there is none.
    /// </summary>
    public static Span Root
    {
        get
        {
            var activity = CurrentActivity;
            while (activity?.Parent is { } parent)
                activity = parent;
            return new Span(activity);
        }
    }

    /// <summary>The innermost span that encloses the caller. Inert where there is none.</summary>
    public static Span Current => new(CurrentActivity);

    static Activity? CurrentActivity => Enabled ? Activity.Current : null;
}
