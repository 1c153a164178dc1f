namespace Agent.Viewer.Storage;

/// <summary>What a <see cref="TraceQuery"/> has found.</summary>
/// <param name="Traces">The traces asked for, in the query's order.</param>
/// <param name="Total">How many traces match, those that were left out by Skip and Limit among them.</param>
public sealed record FoundTraces(IReadOnlyList<TraceSummary> Traces, int Total);
