namespace Agent.Viewer.Storage;

/// <summary>What every span has, 64 bytes of it; the rest stands at <see cref="Rest"/> in its <see cref="Block"/>.</summary>
struct SpanHead
{
    public ulong SpanId;

    /// <summary>0 for none.</summary>
    public ulong ParentSpanId;

    public ulong Start;

    /// <summary>Zero if the sender's clock went backwards; then the end is the start.</summary>
    public ulong Duration;

    /// <summary>The span of the same trace that came before; <see cref="SpanPlace.None"/> for its first.</summary>
    public SpanPlace Previous;

    /// <summary>The <see cref="TraceEntry.Number"/> of its trace.</summary>
    public long Trace;

    /// <summary>A number of the block's texts.</summary>
    public int Name;

    /// <summary>An index in the block's scopes.</summary>
    public int Scope;

    public int Rest;

    /// <summary>The defined bits of OTLP's flags.</summary>
    public ushort Flags;

    public byte Kind;

    public byte Status;
}
