using System.Globalization;
using System.Text;
using System.Text.Json;
using Agent.Viewer.Otlp;

namespace Agent.Viewer.Programs.Jaeger;

/// <summary>Writes a trace as Jaeger's first API has it: times in microseconds, everything else of OTLP as tags.</summary>
static class JaegerTraceWriter
{
    /// <summary>A kind in Jaeger's words, which have none for a kind that was not said.</summary>
    public static string Kind(SpanKind kind) => kind switch
    {
        SpanKind.Server => "server",
        SpanKind.Client => "client",
        SpanKind.Producer => "producer",
        SpanKind.Consumer => "consumer",
        _ => "internal",
    };

    /// <param name="json">Where to write.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="pause">Called after each span.</param>
    public static async ValueTask WriteAsync(Utf8JsonWriter json, Trace trace, Func<ValueTask> pause)
    {
        var processes = new ResourceGroups();
        json.WriteStartObject();
        json.WriteString("traceID"u8, trace.TraceId);
        json.WriteStartArray("spans"u8);
        foreach (var node in trace.Nodes)
        {
            WriteSpan(json, node.Span, ProcessId(processes.NumberOf(node.Span.Resource)));
            await pause();
        }

        json.WriteEndArray();
        json.WriteStartObject("processes"u8);
        for (var i = 0; i < processes.All.Count; i++)
            WriteProcess(json, processes.All[i], ProcessId(i));
        json.WriteEndObject();
        json.WriteNull("warnings"u8);
        json.WriteEndObject();
    }

    static string ProcessId(int number) => $"p{number + 1}";

    static void WriteProcess(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> resource, string id)
    {
        json.WriteStartObject(id);
        json.WriteString("serviceName"u8, SpanDetails.Service(resource));
        json.WriteStartArray("tags"u8);
        foreach (var (name, value) in resource)
        {
            if (name != "service.name")
                WriteTag(json, name, value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteSpan(Utf8JsonWriter json, ReceivedSpan span, string process)
    {
        json.WriteStartObject();
        json.WriteString("traceID"u8, span.TraceId);
        json.WriteString("spanID"u8, span.SpanId);
        json.WriteString("operationName"u8, span.Name);
        json.WriteStartArray("references"u8);
        if (span.ParentSpanId is { } parent)
            WriteReference(json, "CHILD_OF"u8, span.TraceId, parent);
        foreach (var link in span.Links)
            WriteReference(json, "FOLLOWS_FROM"u8, link.TraceId, link.SpanId);
        json.WriteEndArray();
        json.WriteNumber("startTime"u8, span.StartUnixNano / 1000);
        json.WriteNumber("duration"u8, span.DurationNano / 1000);
        WriteTags(json, span);
        json.WriteStartArray("logs"u8);
        foreach (var e in span.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp"u8, e.TimeUnixNano / 1000);
            json.WriteStartArray("fields"u8);
            WriteTag(json, "event", e.Name);
            foreach (var (name, value) in e.Attributes)
                WriteTag(json, name, value);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("processID"u8, process);
        json.WriteNull("warnings"u8);
        json.WriteEndObject();
    }

    static void WriteTags(Utf8JsonWriter json, ReceivedSpan span)
    {
        json.WriteStartArray("tags"u8);
        if (span.ScopeName.Length > 0)
            WriteTag(json, "otel.scope.name", span.ScopeName);
        if (span.ScopeVersion.Length > 0)
            WriteTag(json, "otel.scope.version", span.ScopeVersion);
        foreach (var (name, value) in span.Attributes)
            WriteTag(json, name, value);
        if (span.Kind != SpanKind.Unspecified)
            WriteTag(json, "span.kind", Kind(span.Kind));
        if (span.StatusCode != SpanStatusCode.Unset)
            WriteTag(json, "otel.status_code", span.StatusCode == SpanStatusCode.Error ? "ERROR" : "OK");
        if (span.StatusCode == SpanStatusCode.Error)
            WriteTag(json, "error", true);
        if (span.StatusMessage.Length > 0)
            WriteTag(json, "otel.status_description", span.StatusMessage);
        if (span.TraceState.Length > 0)
            WriteTag(json, "w3c.tracestate", span.TraceState);
        json.WriteEndArray();
    }

    static void WriteReference(Utf8JsonWriter json, ReadOnlySpan<byte> type, string traceId, string spanId)
    {
        json.WriteStartObject();
        json.WriteString("refType"u8, type);
        json.WriteString("traceID"u8, traceId);
        json.WriteString("spanID"u8, spanId);
        json.WriteEndObject();
    }

    static void WriteTag(Utf8JsonWriter json, string name, object? value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, name);
        switch (value)
        {
            case bool flag:
                json.WriteString("type"u8, "bool"u8);
                json.WriteBoolean("value"u8, flag);
                break;
            case long number:
                json.WriteString("type"u8, "int64"u8);
                json.WriteNumber("value"u8, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteString("type"u8, "float64"u8);
                json.WriteNumber("value"u8, number);
                break;
            case byte[] bytes:
                json.WriteString("type"u8, "binary"u8);
                json.WriteBase64String("value"u8, bytes);
                break;
            default:
                json.WriteString("type"u8, "string"u8);
                json.WriteString("value"u8, Text(value));
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Jaeger's tags are flat, and JSON has no NaN: such a value is a text, a list or map as JSON.</summary>
    static string Text(object? value)
    {
        if (value is string or double)
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            OtlpJsonWriter.WritePlain(json, value);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
