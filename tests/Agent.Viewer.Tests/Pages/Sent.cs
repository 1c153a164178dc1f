using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Pages;

/// <summary>Spans as an exporter sends them.</summary>
static class Sent
{
    /// <summary>The request with these spans.</summary>
    public static ReadOnlyMemory<byte> Request(params IEnumerable<ReceivedSpan> spans)
    {
        var request = new ExportTraceServiceRequest();
        foreach (var process in spans.GroupBy(static span => string.Join('\n', span.Resource.Select(static pair => $"{pair.Key}={pair.Value}"))))
        {
            var sent = new ResourceSpans { Resource = new Resource { Attributes = { Pairs(process.First().Resource) } } };
            foreach (var scope in process.GroupBy(static span => (span.ScopeName, span.ScopeVersion)))
            {
                sent.ScopeSpans.Add(new ScopeSpans
                {
                    Scope = new InstrumentationScope { Name = scope.Key.ScopeName, Version = scope.Key.ScopeVersion },
                    Spans = { scope.Select(Span) },
                });
            }

            request.ResourceSpans.Add(sent);
        }

        return request.ToByteArray();
    }

    static Span Span(ReceivedSpan span)
    {
        var sent = new Span
        {
            TraceId = Id(span.TraceId),
            SpanId = Id(span.SpanId),
            ParentSpanId = Id(span.ParentSpanId ?? ""),
            Name = span.Name,
            Kind = (Span.Types.SpanKind)span.Kind,
            StartTimeUnixNano = span.StartUnixNano,
            EndTimeUnixNano = span.EndUnixNano,
            TraceState = span.TraceState,
            Status = new Protos.Status { Code = (Protos.Status.Types.StatusCode)span.StatusCode, Message = span.StatusMessage },
            Attributes = { Pairs(span.Attributes) },
        };
        foreach (var happened in span.Events)
            sent.Events.Add(new Span.Types.Event { Name = happened.Name, TimeUnixNano = happened.TimeUnixNano, Attributes = { Pairs(happened.Attributes) } });
        foreach (var link in span.Links)
            sent.Links.Add(new Span.Types.Link { TraceId = Id(link.TraceId), SpanId = Id(link.SpanId), Attributes = { Pairs(link.Attributes) } });
        return sent;
    }

    static ByteString Id(string hex) => ByteString.CopyFrom(Convert.FromHexString(hex));

    static IEnumerable<KeyValue> Pairs(IReadOnlyDictionary<string, object?> attributes) => attributes.Select(static pair => new KeyValue { Key = pair.Key, Value = Value(pair.Value) });

    static AnyValue Value(object? value) => value switch
    {
        string text => new() { StringValue = text },
        bool flag => new() { BoolValue = flag },
        int number => new() { IntValue = number },
        long number => new() { IntValue = number },
        double number => new() { DoubleValue = number },
        _ => new(),
    };
}
