namespace Agent.Viewer;

/// <summary>How a <see cref="TracePrinter"/> prints.</summary>
public sealed record TracePrinterOptions
{
    /// <summary>Columns to use, at least 60. Null: those of the terminal at each print, or 120 if the console is no terminal.</summary>
    public int? Width { get; init; }

    /// <summary>Whether to use ANSI colours. Unless set: if the console is a terminal and NO_COLOR is not set.</summary>
    public bool Color { get; init; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The time zone of the printed start. Unless set: the local one.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>
    /// The attributes worth showing, most interesting first. Those below are shown by value and only where they say something new (see
    /// <see cref="SpanDetails"/>); any other one as name=value.
    /// </summary>
    public IReadOnlyList<string> Attributes { get; init; } =
    [
        "http.response.status_code",
        "dispatch.kind",
        "dispatch.result.type",
        "dispatch.result.status",
        "dispatch.result.location",
        "dispatch.middleware.short_circuited",
        "http.route",
        "db.query.text",
        "url.full",
        "error.type",
    ];
}
