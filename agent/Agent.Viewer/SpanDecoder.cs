using Agent.Viewer.Protos;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Agent.Viewer;

/// <summary>Turns OTLP messages into <see cref="ReceivedSpan"/>.</summary>
static class SpanDecoder
{
    // Span.flags: the first bit says that the second one means something.
    const uint ParentIsRemoteFlags = 0x100 | 0x200;

    /// <exception cref="InvalidDataException">An id does not have the length that the protocol requires.</exception>
    public static IReadOnlyList<ReceivedSpan> Decode(ReadOnlyMemory<byte> message)
    {
        ExportTraceServiceRequest request;
        try
        {
            request = ExportTraceServiceRequest.Parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new InvalidDataException(broken.Message, broken);
        }

        var spans = new List<ReceivedSpan>();
        foreach (var process in request.ResourceSpans)
        {
            var resource = Attributes(process.Resource?.Attributes);
            foreach (var scope in process.ScopeSpans)
                spans.AddRange(scope.Spans.Select(span => Decode(span, scope.Scope, resource)));
        }

        return spans;
    }

    static ReceivedSpan Decode(Span span, InstrumentationScope? scope, IReadOnlyDictionary<string, object?> resource) => new()
    {
        TraceId = Id(span.TraceId, 16, span, "trace_id"),
        SpanId = Id(span.SpanId, 8, span, "span_id"),
        ParentSpanId = IsNone(span.ParentSpanId) ? null : Id(span.ParentSpanId, 8, span, "parent_span_id"),
        ParentIsRemote = (span.Flags & ParentIsRemoteFlags) == ParentIsRemoteFlags,
        Name = span.Name,
        Kind = (SpanKind)span.Kind,
        StartUnixNano = span.StartTimeUnixNano,
        EndUnixNano = span.EndTimeUnixNano,
        Attributes = Attributes(span.Attributes),
        Events = [.. span.Events.Select(e => new SpanEvent(e.Name, e.TimeUnixNano, Attributes(e.Attributes)))],
        Links = [.. span.Links.Select(link => new SpanLink(
            Id(link.TraceId, 16, span, "link's trace_id"), Id(link.SpanId, 8, span, "link's span_id"), Attributes(link.Attributes)))],
        StatusCode = (SpanStatusCode)(span.Status?.Code ?? default),
        StatusMessage = span.Status?.Message ?? "",
        ScopeName = scope?.Name ?? "",
        ScopeVersion = scope?.Version ?? "",
        Resource = resource,
        TraceState = span.TraceState,
    };

    static string Id(ByteString id, int length, Span span, string field) => id.Length == length
        ? Convert.ToHexStringLower(id.Span)
        : throw new InvalidDataException($"The {field} of span '{span.Name}' has {id.Length} bytes; it must have {length}.");

    // Some senders write a missing parent as zeros instead of leaving the field out.
    static bool IsNone(ByteString id) => !id.Span.ContainsAnyExcept((byte)0);

    static OrderedDictionary<string, object?> Attributes(RepeatedField<KeyValue>? pairs)
    {
        var attributes = new OrderedDictionary<string, object?>();
        foreach (var pair in pairs ?? [])
            attributes[pair.Key] = Value(pair.Value);
        return attributes;
    }

    static object? Value(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToByteArray(),
        AnyValue.ValueOneofCase.ArrayValue => (IReadOnlyList<object?>)[.. value.ArrayValue.Values.Select(Value)],
        AnyValue.ValueOneofCase.KvlistValue => Attributes(value.KvlistValue.Values),
        _ => null,
    };
}
