using System.Globalization;
using System.Text.Json;

namespace Agent.Viewer.Otlp;

/// <summary>
/// Writes traces as OTLP's JSON: ids in hexadecimal, 64-bit integers as texts, enums as numbers. What a field's absence says is left out.
/// </summary>
static class OtlpJsonWriter
{
    // Span.flags: whether the second bit means something, and that the parent belongs to another process.
    const int SaysWhereParentIs = 0x100;
    const int ParentIsRemote = 0x200;

    /// <summary>Writes a trace as elements of an array <c>resourceSpans</c>: one for each process, in it one for each source.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="pause">Called after each span.</param>
    public static async ValueTask WriteResourceSpansAsync(Utf8JsonWriter json, Trace trace, Func<ValueTask> pause)
    {
        var resources = new ResourceGroups();
        var processes = trace.Nodes.Select(node => node.Span).GroupBy(span => resources.NumberOf(span.Resource)).ToList();
        foreach (var process in processes)
        {
            json.WriteStartObject();
            json.WriteStartObject("resource"u8);
            WriteAttributes(json, resources.All[process.Key]);
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans"u8);
            foreach (var scope in process.GroupBy(span => (span.ScopeName, span.ScopeVersion)))
            {
                json.WriteStartObject();
                json.WriteStartObject("scope"u8);
                WriteText(json, "name"u8, scope.Key.ScopeName);
                WriteText(json, "version"u8, scope.Key.ScopeVersion);
                json.WriteEndObject();
                json.WriteStartArray("spans"u8);
                foreach (var span in scope)
                {
                    WriteSpan(json, span);
                    await pause();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>Writes a value of an attribute as JSON has it, without OTLP's types: for people and for flat formats.</summary>
    public static void WritePlain(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long number: json.WriteNumberValue(number); break;
            case double number: WriteDouble(json, number); break;
            case byte[] bytes: json.WriteBase64StringValue(bytes); break;
            case IReadOnlyDictionary<string, object?> map:
                json.WriteStartObject();
                foreach (var (name, item) in map)
                {
                    json.WritePropertyName(name);
                    WritePlain(json, item);
                }

                json.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:
                json.WriteStartArray();
                foreach (var item in list)
                    WritePlain(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }

    static void WriteSpan(Utf8JsonWriter json, ReceivedSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId"u8, span.TraceId);
        json.WriteString("spanId"u8, span.SpanId);
        WriteText(json, "traceState"u8, span.TraceState);
        WriteText(json, "parentSpanId"u8, span.ParentSpanId ?? "");
        if (span.ParentIsRemote)
            json.WriteNumber("flags"u8, SaysWhereParentIs | ParentIsRemote);
        json.WriteString("name"u8, span.Name);
        json.WriteNumber("kind"u8, (int)span.Kind);
        WriteTime(json, "startTimeUnixNano"u8, span.StartUnixNano);
        WriteTime(json, "endTimeUnixNano"u8, span.EndUnixNano);
        WriteAttributes(json, span.Attributes);
        if (span.Events.Count > 0)
        {
            json.WriteStartArray("events"u8);
            foreach (var e in span.Events)
            {
                json.WriteStartObject();
                WriteTime(json, "timeUnixNano"u8, e.TimeUnixNano);
                json.WriteString("name"u8, e.Name);
                WriteAttributes(json, e.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (span.Links.Count > 0)
        {
            json.WriteStartArray("links"u8);
            foreach (var link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("traceId"u8, link.TraceId);
                json.WriteString("spanId"u8, link.SpanId);
                WriteAttributes(json, link.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("status"u8);
        WriteText(json, "message"u8, span.StatusMessage);
        if (span.StatusCode != SpanStatusCode.Unset)
            json.WriteNumber("code"u8, (int)span.StatusCode);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteAttributes(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> attributes)
    {
        if (attributes.Count == 0)
            return;
        json.WriteStartArray("attributes"u8);
        WritePairs(json, attributes);
        json.WriteEndArray();
    }

    static void WritePairs(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, name);
            json.WritePropertyName("value"u8);
            WriteValue(json, value);
            json.WriteEndObject();
        }
    }

    static void WriteValue(Utf8JsonWriter json, object? value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case string text: json.WriteString("stringValue"u8, text); break;
            case bool flag: json.WriteBoolean("boolValue"u8, flag); break;
            case long number: json.WriteString("intValue"u8, number.ToString(CultureInfo.InvariantCulture)); break;
            case double number:
                json.WritePropertyName("doubleValue"u8);
                WriteDouble(json, number);
                break;
            case byte[] bytes: json.WriteBase64String("bytesValue"u8, bytes); break;
            case IReadOnlyDictionary<string, object?> map:
                json.WriteStartObject("kvlistValue"u8);
                json.WriteStartArray("values"u8);
                WritePairs(json, map);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:
                json.WriteStartObject("arrayValue"u8);
                json.WriteStartArray("values"u8);
                foreach (var item in list)
                    WriteValue(json, item);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }

    // JSON has no such numbers; protobuf's JSON writes their names.
    static void WriteDouble(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong time) => json.WriteString(name, time.ToString(CultureInfo.InvariantCulture));

    static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text);
    }
}
