using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agent.Viewer.Pages;

/// <summary>A span as JSON, for who copies it.</summary>
static class SpanJson
{
    public static byte[] Write(TraceNode node, TraceAnalysis analysis)
    {
        var (span, buffer) = (node.Span, new MemoryStream());
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("traceId", span.TraceId);
            json.WriteString("spanId", span.SpanId);
            json.WriteString("parentSpanId", span.ParentSpanId);
            json.WriteString("name", span.Name);
            json.WriteString("kind", span.Kind.ToString().ToLowerInvariant());
            json.WriteString("service", SpanDetails.Service(span));
            json.WriteString("start", ListQuery.Moment(span.StartUnixNano).UtcDateTime);
            json.WriteNumber("durationNano", span.DurationNano);
            json.WriteNumber("selfNano", analysis.SelfNano(node));
            json.WriteString("status", span.StatusCode.ToString().ToLowerInvariant());
            if (span.StatusMessage.Length > 0)
                json.WriteString("statusMessage", span.StatusMessage);
            json.WritePropertyName("attributes");
            Value(json, span.Attributes);
            json.WriteStartArray("events");
            foreach (var e in span.Events)
            {
                json.WriteStartObject();
                json.WriteString("name", e.Name);
                json.WriteString("time", ListQuery.Moment(e.TimeUnixNano).UtcDateTime);
                json.WritePropertyName("attributes");
                Value(json, e.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("links");
            foreach (var link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("traceId", link.TraceId);
                json.WriteString("spanId", link.SpanId);
                json.WritePropertyName("attributes");
                Value(json, link.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("scope", span.ScopeName);
            json.WritePropertyName("resource");
            Value(json, span.Resource);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // What a sender nests deeper than the decoder allows does not come this far.
    static void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case byte[] bytes: json.WriteStringValue(Convert.ToBase64String(bytes)); break;
            case IReadOnlyDictionary<string, object?> map:
                json.WriteStartObject();
                foreach (var (name, item) in map)
                {
                    json.WritePropertyName(name);
                    Value(json, item);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                    Value(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(SpanDetails.Text(value)); break;
        }
    }
}
