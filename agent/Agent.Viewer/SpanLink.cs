namespace Agent.Viewer;

/// <summary>A span that another span has to do with without being its child.</summary>
/// <param name="TraceId">32 lower-case hexadecimal digits.</param>
/// <param name="SpanId">16 lower-case hexadecimal digits.</param>
/// <param name="Attributes">Its attributes in the order they were received; values as in <see cref="ReceivedSpan.Attributes"/>.</param>
public sealed record SpanLink(string TraceId, string SpanId, IReadOnlyDictionary<string, object?> Attributes)
{
    /// <summary>The W3C tracestate of that span; empty if none.</summary>
    public string TraceState { get; init; } = "";
}
