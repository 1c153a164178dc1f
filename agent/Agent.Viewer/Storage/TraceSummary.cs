namespace Agent.Viewer.Storage;

/// <summary>What a list says of a trace.</summary>
public sealed record TraceSummary
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>Rises with each trace that is new to the store: of two traces the one whose first span came later has the greater number.</summary>
    public required long Number { get; init; }

    /// <summary>The span without a parent; if there is none (yet), the one that started first.</summary>
    public required ReceivedSpan Root { get; init; }

    /// <summary>The name of the process that sent <see cref="Root"/>.</summary>
    public string Service => SpanDetails.Service(Root);

    /// <summary>The earliest start in nanoseconds since 1970-01-01 UTC.</summary>
    public required ulong StartUnixNano { get; init; }

    /// <summary>The latest end in nanoseconds since 1970-01-01 UTC; not before the start.</summary>
    public required ulong EndUnixNano { get; init; }

    /// <summary>From the earliest start to the latest end, cut to 100 ns.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((long)((EndUnixNano - StartUnixNano) / 100));

    /// <summary>How many spans are held.</summary>
    public required int SpanCount { get; init; }

    /// <summary>How many of them have the status Error.</summary>
    public required int ErrorCount { get; init; }

    /// <summary>How many of them name a parent that is not here (one that belongs to another process counts, too).</summary>
    public required int OrphanCount { get; init; }

    /// <summary>The services that sent spans of it, the root's first, then by name.</summary>
    public required IReadOnlyList<ServiceSpans> Services { get; init; }
}
