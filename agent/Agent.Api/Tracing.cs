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
    public static Span Root => new(RootSpan?.Invoke());

    /// <summary>The innermost span that encloses the caller: the agent's, which is never <see cref="Activity.Current"/>, or one of the app's own. Inert where there is none.</summary>
    public static Span Current => new(CurrentSpan?.Invoke());

    static Func<Activity?>? RootSpan { get; } = AppContext.GetData($"Agent.{nameof(RootSpan)}") as Func<Activity?>;

    static Func<Activity?>? CurrentSpan { get; } = AppContext.GetData($"Agent.{nameof(CurrentSpan)}") as Func<Activity?>;
}
