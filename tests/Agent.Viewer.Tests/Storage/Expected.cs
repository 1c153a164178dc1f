using System.Collections;
using System.Globalization;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Storage;

/// <summary>Spans as text, from Google's own reading of a request and from ours.</summary>
static class Expected
{
    public static IEnumerable<(string TraceId, string Text)> Of(ExportTraceServiceRequest request) =>
        from process in request.ResourceSpans
        from scope in process.ScopeSpans
        from span in scope.Spans
        select (Convert.ToHexStringLower(span.TraceId.Span), Text(process, scope, span));

    public static string Text(ReceivedSpan span) => string.Join('\n',
        $"{span.SpanId} < {span.ParentSpanId} {span.Flags:x} {span.Name} {span.Kind} {span.StartUnixNano}–{span.EndUnixNano} {span.TraceState} {span.StatusCode} {span.StatusMessage}",
        $"{span.ScopeName} {span.ScopeVersion}", Text(span.Resource), Text(span.Attributes),
        string.Join("; ", span.Events.Select(e => $"{e.Name} {e.TimeUnixNano} {Text(e.Attributes)}")),
        string.Join("; ", span.Links.Select(link => $"{link.TraceId} {link.SpanId} {Text(link.Attributes)}")));

    static string Text(ResourceSpans process, ScopeSpans scope, Span span) => string.Join('\n',
        $"{Hex(span.SpanId)} < {Hex(span.ParentSpanId)} {span.Flags:x} {span.Name} {(SpanKind)span.Kind} {span.StartTimeUnixNano}–{Math.Max(span.StartTimeUnixNano, span.EndTimeUnixNano)} {span.TraceState} {(SpanStatusCode)(span.Status?.Code ?? 0)} {span.Status?.Message}",
        $"{scope.Scope?.Name} {scope.Scope?.Version}", Text(process.Resource?.Attributes ?? []), Text(span.Attributes),
        string.Join("; ", span.Events.Select(e => $"{e.Name} {e.TimeUnixNano} {Text(e.Attributes)}")),
        string.Join("; ", span.Links.Select(link => $"{Hex(link.TraceId)} {Hex(link.SpanId)} {Text(link.Attributes)}")));

    static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    // Of an attribute that is there twice the last value counts, at the first one's place.
    static string Text(IEnumerable<KeyValue> pairs)
    {
        var values = new OrderedDictionary<string, string>();
        foreach (var pair in pairs)
            values[pair.Key] = Text(pair.Value);
        return $"{{{string.Join(", ", values.Select(pair => $"{pair.Key}: {pair.Value}"))}}}";
    }

    static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => $"'{value.StringValue}'",
        AnyValue.ValueOneofCase.BoolValue => $"{value.BoolValue}",
        AnyValue.ValueOneofCase.IntValue => $"{value.IntValue}",
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture) + "d",
        AnyValue.ValueOneofCase.BytesValue => $"0x{Hex(value.BytesValue)}",
        AnyValue.ValueOneofCase.ArrayValue => $"[{string.Join(", ", value.ArrayValue.Values.Select(Text))}]",
        AnyValue.ValueOneofCase.KvlistValue => Text(value.KvlistValue.Values),
        _ => "null",
    };

    static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "d",
        byte[] bytes => $"0x{Convert.ToHexStringLower(bytes)}",
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(pair => $"{pair.Key}: {Text(pair.Value)}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
