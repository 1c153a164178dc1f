namespace Agent.Viewer.Storage;

/// <summary>A name that spans of a service have.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The spans' role in a call.</param>
public sealed record Operation(string Name, SpanKind Kind);
