namespace Agent.Viewer;

/// <summary>One span as it was received, independent of the protocol it came with.</summary>
public sealed record ReceivedSpan
{
    internal static readonly IReadOnlyDictionary<string, object?> NoAttributes = new OrderedDictionary<string, object?>();

    // The first bit says that the second one means something.
    const uint ParentIsRemoteFlags = 0x100 | 0x200;

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>16 lower-case hexadecimal digits.</summary>
    public required string SpanId { get; init; }

    /// <summary>The parent's <see cref="SpanId"/>; null for the first span of a trace.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>True if the sender said that the parent belongs to another process; false if it said no or nothing.</summary>
    public bool ParentIsRemote
    {
        get => (Flags & ParentIsRemoteFlags) == ParentIsRemoteFlags;
        init => Flags = value ? Flags | ParentIsRemoteFlags : Flags & ~ParentIsRemoteFlags;
    }

    /// <summary>OTLP's flags: the W3C trace flags in the lowest byte, above them whether the parent is remote.</summary>
    public uint Flags { get; init; }

    /// <summary>The span's name.</summary>
    public required string Name { get; init; }

    /// <summary>The span's role in a call.</summary>
    public SpanKind Kind { get; init; }

    /// <summary>Start in nanoseconds since 1970-01-01 UTC.</summary>
    public required ulong StartUnixNano { get; init; }

    /// <summary>End in nanoseconds since 1970-01-01 UTC.</summary>
    public required ulong EndUnixNano { get; init; }

    /// <summary>From start to end, cut to 100 ns; zero if the sender's clock went backwards.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((long)(DurationNano / 100));

    /// <summary>
    /// The attributes in the order they were received. A value is a string, bool, long, double, byte[], an IReadOnlyList&lt;object?&gt; or
    /// an IReadOnlyDictionary&lt;string, object?&gt; of such values, or null.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Attributes { get; init; } = NoAttributes;

    /// <summary>What happened during the span, in the order received.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Related spans outside of the tree, in the order received.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>How the span ended.</summary>
    public SpanStatusCode StatusCode { get; init; }

    /// <summary>What the sender says about an error; empty if nothing.</summary>
    public string StatusMessage { get; init; } = "";

    /// <summary>The source that made the span (an ActivitySource in .NET); empty if not said.</summary>
    public string ScopeName { get; init; } = "";

    /// <summary>The version of that source; empty if not said.</summary>
    public string ScopeVersion { get; init; } = "";

    /// <summary>What else describes that source; values as in <see cref="Attributes"/>.</summary>
    public IReadOnlyDictionary<string, object?> ScopeAttributes { get; init; } = NoAttributes;

    /// <summary>What describes the sending process, <c>service.name</c> among it; values as in <see cref="Attributes"/>.</summary>
    public IReadOnlyDictionary<string, object?> Resource { get; init; } = NoAttributes;

    /// <summary>The W3C tracestate; empty if none.</summary>
    public string TraceState { get; init; } = "";

    /// <summary>How many attributes were dropped, by the sender or here.</summary>
    public int DroppedAttributes { get; init; }

    /// <summary>Likewise events.</summary>
    public int DroppedEvents { get; init; }

    /// <summary>Likewise links.</summary>
    public int DroppedLinks { get; init; }

    /// <summary>From start to end in nanoseconds; zero if the sender's clock went backwards.</summary>
    public ulong DurationNano => EndUnixNano > StartUnixNano ? EndUnixNano - StartUnixNano : 0;
}
