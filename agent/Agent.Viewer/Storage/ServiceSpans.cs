namespace Agent.Viewer.Storage;

/// <summary>What one service has sent of a trace.</summary>
/// <param name="Name">Its <c>service.name</c>.</param>
/// <param name="SpanCount">How many spans.</param>
/// <param name="ErrorCount">How many of them have the status Error.</param>
public sealed record ServiceSpans(string Name, int SpanCount, int ErrorCount);
