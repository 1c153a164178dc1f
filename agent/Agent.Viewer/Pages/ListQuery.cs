using System.Globalization;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Pages;

/// <summary>What the list shows, as it stands in the address.</summary>
public sealed record ListQuery
{
    /// <summary>How many traces a page has.</summary>
    public const int PageSize = 100;

    // What browsers and probes ask for, by path: no attribute says it for every server. Few, for each is looked for in every trace.
    static readonly string[] NoisePaths =
    [
        "/health*", "/alive*", "/ready*", "/livez", "/_framework/*",
        "*.css", "*.js", "*.map", "*.ico", "*.png", "*.jpg", "*.svg", "*.webp", "*.woff*",
    ];

    /// <summary>The filter as it was written.</summary>
    public string Q { get; init; } = "";

    /// <summary>Which traces come first.</summary>
    public TraceOrder Order { get; init; }

    /// <summary>Leaves out what happens at start.</summary>
    public bool HidesStart { get; init; }

    /// <summary>Leaves out probes and static files.</summary>
    public bool HidesNoise { get; init; }

    /// <summary>Only traces of the last so many (<c>15m</c>); empty for all.</summary>
    public string Since { get; init; } = "";

    /// <summary>Only traces that started at this time or later; null for all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only traces that started before this time; null for all.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Which page, from 1 on.</summary>
    public int Page { get; init; } = 1;

    /// <summary>What of the address is not understood, and so counts as not said; null if all is.</summary>
    public string? Wrong { get; init; }

    /// <summary>What an address asks for.</summary>
    public static ListQuery Of(IQueryCollection query)
    {
        string? wrong = null;
        string hide = query["hide"].ToString();
        return new()
        {
            Q = query["q"].ToString().Trim(),
            Order = Enum.TryParse<TraceOrder>(Said("order"), ignoreCase: true, out var order) && Enum.IsDefined(order) ? order
                : Not("order", $"one of {string.Join(", ", Enum.GetNames<TraceOrder>()).ToLowerInvariant()}", TraceOrder.Newest),
            HidesStart = hide.Contains("start", StringComparison.Ordinal),
            HidesNoise = hide.Contains("noise", StringComparison.Ordinal),
            Since = IsDuration(Said("since")) ? Said("since") : Not("since", "a duration, such as 15m", ""),
            From = Moment(Said("from")) ?? Not("from", "a time, such as 2026-01-02T03:04:05Z", (DateTimeOffset?)null),
            To = Moment(Said("to")) ?? Not("to", "a time, such as 2026-01-02T03:04:05Z", (DateTimeOffset?)null),
            Page = int.TryParse(Said("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, 1_000_000) : Not("page", "a whole number", 1),
            Wrong = wrong,
        };

        string Said(string name) => query[name].ToString();

        T Not<T>(string name, string expected, T instead)
        {
            if (Said(name) is { Length: > 0 } said)
                wrong ??= $"The parameter {name} is '{StyledLine.Shorten(said, 200)}'; expected is {expected}.";
            return instead;
        }
    }

    /// <summary>What to ask the store.</summary>
    /// <exception cref="FormatException">The filter cannot be understood; the message says why.</exception>
    public TraceQuery ToTraceQuery(TimeProvider time)
    {
        var from = From;
        if (Since.Length > 0)
        {
            var since = time.GetUtcNow() - TimeSpan.FromTicks((long)(TraceFilter.Nanoseconds(Since) / 100));
            from = from is null || since > from ? since : from;
        }

        return new()
        {
            Filter = TraceFilter.Of([.. TraceFilter.Parse(Q).Terms, .. Hidden()]),
            Order = Order,
            From = from is { } earliest ? UnixNano(earliest) : null,
            To = To is { } latest ? UnixNano(latest) : null,
            Skip = (Page - 1) * PageSize,
            Limit = PageSize,
        };
    }

    /// <summary>The address that asks for this.</summary>
    public string Href(string path = "/")
    {
        var parts = new List<string>();
        Add("q", Q);
        Add("order", Order == TraceOrder.Newest ? "" : Order.ToString().ToLowerInvariant());
        Add("hide", (HidesStart, HidesNoise) switch { (true, true) => "start,noise", (true, false) => "start", (false, true) => "noise", _ => "" });
        Add("since", Since);
        Add("from", Written(From));
        Add("to", Written(To));
        Add("page", Page == 1 ? "" : Page.ToString(CultureInfo.InvariantCulture));
        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";

        void Add(string name, string value)
        {
            if (value.Length > 0)
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    /// <summary>A moment in an address.</summary>
    public static string Written(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Nanoseconds since 1970-01-01 UTC; the most that can be said of a moment beyond the year 2554.</summary>
    public static ulong UnixNano(DateTimeOffset moment) => moment < DateTimeOffset.UnixEpoch ? 0
        : (ulong)(moment - DateTimeOffset.UnixEpoch).Ticks is var ticks && ticks > ulong.MaxValue / 100 ? ulong.MaxValue : ticks * 100;

    /// <summary>The moment of nanoseconds since 1970-01-01 UTC; the last one there is if they are beyond it.</summary>
    public static DateTimeOffset Moment(ulong unixNano) =>
        unixNano / 100 >= (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks ? DateTimeOffset.MaxValue : DateTimeOffset.UnixEpoch.AddTicks((long)(unixNano / 100));

    /// <summary>A moment as an address has it; null if it is none.</summary>
    public static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    IEnumerable<FilterTerm> Hidden()
    {
        if (HidesStart)
            yield return new("dispatch.kind", FilterOperator.Equal, "startup", IsNegated: true);
        if (!HidesNoise)
            yield break;
        foreach (var path in NoisePaths)
            yield return new("url.path", FilterOperator.Equal, path, IsNegated: true);
    }

    static bool IsDuration(string text)
    {
        try
        {
            return text.Length > 0 && TraceFilter.Nanoseconds(text) is > 0 and < 1e18;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
