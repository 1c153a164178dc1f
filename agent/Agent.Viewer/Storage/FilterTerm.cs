namespace Agent.Viewer.Storage;

/// <summary>One condition of a <see cref="TraceFilter"/>.</summary>
/// <param name="Field">What is looked at: one of <see cref="TraceFilter"/>'s own fields or an attribute's name; empty for free text.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what; empty for <see cref="FilterOperator.Exists"/>.</param>
/// <param name="IsNegated">True if no span of the trace may fulfil it.</param>
public sealed record FilterTerm(string Field, FilterOperator Operator, string Value, bool IsNegated = false);
