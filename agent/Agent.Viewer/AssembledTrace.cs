namespace Agent.Viewer;

/// <summary>A trace that a <see cref="TraceAssembler"/> hands out.</summary>
/// <param name="Trace">All spans known of it; <see cref="Viewer.Trace.OrphanCount"/> tells whether something is missing.</param>
/// <param name="IsContinued">True if it was handed out before and got more spans since.</param>
public sealed record AssembledTrace(Trace Trace, bool IsContinued);
