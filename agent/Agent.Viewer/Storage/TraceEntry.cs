namespace Agent.Viewer.Storage;

/// <summary>What is known of a trace without looking at its spans.</summary>
sealed class TraceEntry(UInt128 id, long number, SpanPlace first)
{
    public UInt128 Id { get; } = id;

    /// <summary>Rises with each trace.</summary>
    public long Number { get; } = number;

    public SpanPlace First { get; } = first;

    /// <summary>The span that came last; the others hang on it.</summary>
    public SpanPlace Last { get; set; }

    /// <summary>The span without a parent that started first; if there is none, the one that started first.</summary>
    public SpanPlace Root { get; set; }

    public bool RootHasParent { get; set; }

    public ulong RootStart { get; set; }

    public ulong Start { get; set; } = ulong.MaxValue;

    public ulong End { get; set; }

    public int SpanCount { get; set; }

    public int ErrorCount { get; set; }

    /// <summary>The ids of its spans once there are many; few are looked through.</summary>
    public HashSet<ulong>? SpanIds { get; set; }
}
