namespace Agent.Viewer.Storage;

/// <summary>Where a span is: a block's number and an index in it.</summary>
readonly record struct SpanPlace
{
    const int IndexBits = 24;
    readonly long _value;

    public SpanPlace(long block, int index) => _value = (block << IndexBits) + index + 1;

    /// <summary>No span.</summary>
    public static SpanPlace None => default;

    public long Block => (_value - 1) >> IndexBits;

    public int Index => (int)((_value - 1) & ((1 << IndexBits) - 1));
}
