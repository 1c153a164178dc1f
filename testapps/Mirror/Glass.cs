using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mirror;

/// <summary>What code of the app sees when it looks at the current activity, in the order in which it looked.</summary>
static class Glass
{
    static readonly ConcurrentQueue<string> Seen = new();
    static readonly AsyncLocal<Activity?> Request = new();

    /// <summary>The request's own activity, for what runs in it.</summary>
    public static void EnterRequest(Activity? activity) => Request.Value = activity;

    /// <summary>Notes what is current here, and adds to its baggage.</summary>
    /// <param name="place">Where the app looks.</param>
    /// <param name="mayHaveEnded">The current activity does not wait for this code, and a tracer may give it another name at its end.</param>
    public static void Look(string place, bool mayHaveEnded = false)
    {
        var current = Activity.Current;
        var isRequest = current is not null && ReferenceEquals(current, Request.Value);
        var chain = "";
        for (var activity = current; activity is not null; activity = activity.Parent)
            chain += $" < {activity.OperationName} ({activity.Kind}{(mayHaveEnded ? "" : $", {activity.DisplayName}")})";
        var isOwnId = current?.Id == $"00-{current?.TraceId}-{current?.SpanId}-0{(int)(current?.ActivityTraceFlags ?? 0)}";
        current?.SetTag($"seen.{place}", true);
        current?.AddBaggage(place, "seen");
        Seen.Enqueue($"{place}: {(current is null ? "nothing" : isRequest ? "the request" : current.Source.Name)}{chain}{(isOwnId ? "" : $" with the id {current?.Id}")}"
            + $" baggage {Words(current?.Baggage.Select(item => item.Key).Distinct().Order(StringComparer.Ordinal))}"
            + $" tags {Words(current?.TagObjects.Where(tag => tag.Key.StartsWith("seen.", StringComparison.Ordinal)).Select(tag => tag.Key[5..]))}");

        static string Words(IEnumerable<string>? words) => string.Join(", ", words ?? []);
    }

    public static string[] All() => [.. Seen];
}
