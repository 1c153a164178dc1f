namespace Agent.Viewer.Storage;

/// <summary>Which of the found traces come first. What is equal by it is ordered by start, latest first.</summary>
public enum TraceOrder
{
    /// <summary>The latest start first.</summary>
    Newest,

    /// <summary>The earliest start first.</summary>
    Oldest,

    /// <summary>The longest duration first.</summary>
    Slowest,

    /// <summary>The shortest duration first.</summary>
    Fastest,

    /// <summary>The most spans first.</summary>
    MostSpans,

    /// <summary>The most spans with an error first.</summary>
    MostErrors,
}
