namespace Agent.Viewer.Storage;

/// <summary>What a <see cref="TraceStore"/> holds and what it had to let go.</summary>
public sealed record StoreState
{
    /// <summary>How many traces are held.</summary>
    public required long Traces { get; init; }

    /// <summary>How many spans are held.</summary>
    public required long Spans { get; init; }

    /// <summary>The memory that they take, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The memory that they may take, in bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>How many spans were taken since the start.</summary>
    public required long Accepted { get; init; }

    /// <summary>How many spans came again (a repeated export) and were not taken a second time.</summary>
    public required long Repeated { get; init; }

    /// <summary>How many spans were refused, because of their ids or of the size of their trace.</summary>
    public required long Rejected { get; init; }

    /// <summary>How many values (and attributes, events, links beyond the limits) were cut.</summary>
    public required long Cut { get; init; }

    /// <summary>How many traces were let go because the memory was full.</summary>
    public required long DroppedTraces { get; init; }

    /// <summary>The start of the latest trace that was let go, in nanoseconds since 1970-01-01 UTC; null if none was.</summary>
    public required ulong? DroppedUntilUnixNano { get; init; }
}
