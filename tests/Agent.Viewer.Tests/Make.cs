namespace Agent.Viewer.Tests;

/// <summary>Spans for tests, written short: ids are single characters, times are microseconds after 2026-01-02 03:04:05 UTC.</summary>
static class Make
{
    const ulong Start = 1_767_323_045_000_000_000;

    public static string TraceId(char id) => new(id, 32);

    public static string SpanId(char id) => new(id, 16);

    public static ReceivedSpan Span(char id, char? parent, string name, ulong start, ulong end, char trace = 'a') => new()
    {
        TraceId = TraceId(trace),
        SpanId = SpanId(id),
        ParentSpanId = parent is { } above ? SpanId(above) : null,
        Name = name,
        Kind = SpanKind.Internal,
        StartUnixNano = Start + start * 1000,
        EndUnixNano = Start + end * 1000,
        Resource = Attributes(("service.name", "shop")),
    };

    public static ReceivedSpan With(this ReceivedSpan span, params (string Name, object? Value)[] attributes) =>
        span with { Attributes = Attributes(attributes) };

    public static ReceivedSpan From(this ReceivedSpan span, string service) =>
        span with { Resource = Attributes(("service.name", service)) };

    public static ReceivedSpan Failed(this ReceivedSpan span, string message = "") =>
        span with { StatusCode = SpanStatusCode.Error, StatusMessage = message };

    public static ReceivedSpan Throwing(this ReceivedSpan span, string type, string message) => span with
    {
        Events = [new SpanEvent("exception", span.EndUnixNano, Attributes(("exception.type", type), ("exception.message", message)))],
    };

    public static ReceivedSpan LinkedTo(this ReceivedSpan span, params (char Trace, char Span)[] targets) => span with
    {
        Links = [.. targets.Select(target => new SpanLink(TraceId(target.Trace), SpanId(target.Span), Attributes()))],
    };

    static OrderedDictionary<string, object?> Attributes(params (string Name, object? Value)[] attributes) =>
        new(attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));
}
