namespace Agent.Viewer.Storage;

/// <summary>Which traces to find in a <see cref="TraceStore"/>, and how many.</summary>
public sealed record TraceQuery
{
    /// <summary>What must be true of a trace; <see cref="TraceFilter.Everything"/> unless set.</summary>
    public TraceFilter Filter { get; init; } = TraceFilter.Everything;

    /// <summary>Only traces that started at this time or later, in nanoseconds since 1970-01-01 UTC; null for no limit.</summary>
    public ulong? From { get; init; }

    /// <summary>Only traces that started before this time, in nanoseconds since 1970-01-01 UTC; null for no limit.</summary>
    public ulong? To { get; init; }

    /// <summary>Which traces come first.</summary>
    public TraceOrder Order { get; init; } = TraceOrder.Newest;

    /// <summary>How many of the first traces to leave out.</summary>
    public int Skip { get; init; }

    /// <summary>How many traces to return at most.</summary>
    public int Limit { get; init; } = 100;
}
