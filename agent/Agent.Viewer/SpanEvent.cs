namespace Agent.Viewer;

/// <summary>Something that happened at one moment of a span; an exception is an event named <c>exception</c>.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="TimeUnixNano">When, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Attributes">Its attributes in the order they were received; values as in <see cref="ReceivedSpan.Attributes"/>.</param>
public sealed record SpanEvent(string Name, ulong TimeUnixNano, IReadOnlyDictionary<string, object?> Attributes);
