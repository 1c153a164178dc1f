namespace Agent.Viewer;

/// <summary>How long a <see cref="TraceAssembler"/> waits and how much it remembers.</summary>
public sealed record TraceAssemblerOptions
{
    /// <summary>A trace that has all its parents is handed out after so long without a new span.</summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A trace that misses a parent is handed out after so long without a new span.</summary>
    public TimeSpan GiveUpTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many spans are remembered at most, waiting ones and those handed out before together.</summary>
    public int SpanCapacity { get; init; } = 50_000;
}
