namespace Agent.IntegrationTests;

/// <summary>What the Maze says has run, and what ran inside of it.</summary>
/// <param name="Name">What its span should be called.</param>
/// <param name="SpanId">The span that it began in; null where the app had no code there.</param>
/// <param name="LeftIn">The span that it ended in, if it was another one.</param>
/// <param name="Group">Siblings with the same number ran side by side; 0 for those that ran one after the other.</param>
sealed record RecordedNode(string Name, string? SpanId, string? LeftIn, int Group, IReadOnlyList<RecordedNode> Children);

/// <summary>A request from outside, and the trace that was current in it.</summary>
sealed record Recording(string? TraceId, RecordedNode Root);
