using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Programs;

/// <summary>Spans as an exporter writes them.</summary>
static class Otlp
{
    /// <summary>Spans of processes that have names and nothing else.</summary>
    public static ExportTraceServiceRequest Request(IEnumerable<ReceivedSpan> spans)
    {
        var request = new ExportTraceServiceRequest();
        foreach (var process in spans.GroupBy(span => span.Resource["service.name"]))
        {
            var resource = new ResourceSpans { Resource = new Resource { Attributes = { process.First().Resource.Select(Pair) } } };
            foreach (var scope in process.GroupBy(span => (span.ScopeName, span.ScopeVersion)))
                resource.ScopeSpans.Add(new ScopeSpans { Scope = new InstrumentationScope { Name = scope.Key.ScopeName, Version = scope.Key.ScopeVersion }, Spans = { scope.Select(Span) } });
            request.ResourceSpans.Add(resource);
        }

        return request;
    }

    static Span Span(ReceivedSpan span) => new()
    {
        TraceId = Bytes(span.TraceId),
        SpanId = Bytes(span.SpanId),
        ParentSpanId = Bytes(span.ParentSpanId ?? ""),
        Flags = span.ParentIsRemote ? 0x300u : 0x100u,
        TraceState = span.TraceState,
        Name = span.Name,
        Kind = (Span.Types.SpanKind)span.Kind,
        StartTimeUnixNano = span.StartUnixNano,
        EndTimeUnixNano = span.EndUnixNano,
        Attributes = { span.Attributes.Select(Pair) },
        Events = { span.Events.Select(e => new Span.Types.Event { Name = e.Name, TimeUnixNano = e.TimeUnixNano, Attributes = { e.Attributes.Select(Pair) } }) },
        Links = { span.Links.Select(link => new Span.Types.Link { TraceId = Bytes(link.TraceId), SpanId = Bytes(link.SpanId), Attributes = { link.Attributes.Select(Pair) } }) },
        Status = new Status { Code = (Status.Types.StatusCode)span.StatusCode, Message = span.StatusMessage },
    };

    static KeyValue Pair(KeyValuePair<string, object?> pair) => new() { Key = pair.Key, Value = Value(pair.Value) };

    static AnyValue Value(object? value) => value switch
    {
        string text => new AnyValue { StringValue = text },
        bool flag => new AnyValue { BoolValue = flag },
        int number => new AnyValue { IntValue = number },
        long number => new AnyValue { IntValue = number },
        double number => new AnyValue { DoubleValue = number },
        byte[] bytes => new AnyValue { BytesValue = ByteString.CopyFrom(bytes) },
        IReadOnlyDictionary<string, object?> map => new AnyValue { KvlistValue = new KeyValueList { Values = { map.Select(Pair) } } },
        IEnumerable<object?> list => new AnyValue { ArrayValue = new ArrayValue { Values = { list.Select(Value) } } },
        _ => new AnyValue(),
    };

    static ByteString Bytes(string hex) => ByteString.CopyFrom(Convert.FromHexString(hex));
}
