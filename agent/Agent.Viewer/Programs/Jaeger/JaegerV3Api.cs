using System.Globalization;
using System.Text.Json;
using Agent.Viewer.Otlp;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.Viewer.Programs.Jaeger;

/// <summary>Jaeger's <c>/api/v3</c>, on which its page searches.</summary>
sealed class JaegerV3Api(TraceStore store)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var api = new Api(routes, WriteRefusal);
        api.Get("/api/v3/services", ServicesAsync);
        api.Get("/api/v3/operations", OperationsAsync);
        api.Get("/api/v3/trace-summaries", SummariesAsync);
        api.Get("/api/v3/traces", TracesAsync);
        api.Get("/api/v3/traces/{id}", TraceAsync);
        api.Any("/api/v3/{**path}", static context => throw ProgramApis.NotFound(context));
    }

    async Task ServicesAsync(HttpContext context)
    {
        await using var answer = new JsonAnswer(context);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("services"u8);
        foreach (var service in store.Services())
            answer.Json.WriteStringValue(service);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
    }

    async Task OperationsAsync(HttpContext context)
    {
        var parameters = new Parameters(context);
        var service = parameters.Text("service") ?? throw new Refusal(StatusCodes.Status400BadRequest, "The parameter service is required: the name of one of /api/v3/services.");
        var kind = parameters.Text("spanKind", "span_kind");
        await using var answer = new JsonAnswer(context);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("operations"u8);
        foreach (var operation in store.Operations(service))
        {
            if (kind is not null && kind != JaegerTraceWriter.Kind(operation.Kind))
                continue;
            answer.Json.WriteStartObject();
            answer.Json.WriteString("name"u8, operation.Name);
            answer.Json.WriteString("spanKind"u8, JaegerTraceWriter.Kind(operation.Kind));
            answer.Json.WriteEndObject();
        }

        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
    }

    async Task SummariesAsync(HttpContext context)
    {
        var found = store.Find(JaegerQuery.OfV3(context));
        await using var answer = new JsonAnswer(context);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("summaries"u8);
        foreach (var trace in found.Traces)
        {
            WriteSummary(answer.Json, trace);
            await answer.SendIfMuchAsync();
        }

        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
    }

    async Task TracesAsync(HttpContext context)
    {
        var found = store.Find(JaegerQuery.OfV3(context)).Traces;
        if (found.Count == 0)
            throw new Refusal(StatusCodes.Status404NotFound, "No trace matches.");
        await using var answer = new JsonAnswer(context);
        StartResult(answer.Json);
        foreach (var summary in found)
        {
            // One at a time, so that the memory holds one; it may be gone by now.
            if (store.Find(summary.TraceId) is { } trace)
                await OtlpJsonWriter.WriteResourceSpansAsync(answer.Json, trace, answer.SendIfMuchAsync);
        }

        EndResult(answer.Json);
    }

    async Task TraceAsync(HttpContext context)
    {
        var trace = ProgramApis.FindTrace(store, context);
        await using var answer = new JsonAnswer(context);
        StartResult(answer.Json);
        await OtlpJsonWriter.WriteResourceSpansAsync(answer.Json, trace, answer.SendIfMuchAsync);
        EndResult(answer.Json);
    }

    static void StartResult(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("result"u8);
        json.WriteStartArray("resourceSpans"u8);
    }

    static void EndResult(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteSummary(Utf8JsonWriter json, TraceSummary trace)
    {
        json.WriteStartObject();
        json.WriteString("traceId"u8, trace.TraceId);
        json.WriteString("rootServiceName"u8, trace.Service);
        json.WriteString("rootOperationName"u8, trace.Root.Name);
        json.WriteString("minStartTimeUnixNano"u8, trace.StartUnixNano.ToString(CultureInfo.InvariantCulture));
        json.WriteString("maxEndTimeUnixNano"u8, trace.EndUnixNano.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("spanCount"u8, trace.SpanCount);
        json.WriteNumber("errorSpanCount"u8, trace.ErrorCount);
        json.WriteNumber("orphanSpanCount"u8, trace.OrphanCount);
        json.WriteStartArray("services"u8);
        foreach (var service in trace.Services)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, service.Name);
            json.WriteNumber("spanCount"u8, service.SpanCount);
            json.WriteNumber("errorSpanCount"u8, service.ErrorCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteRefusal(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("httpCode"u8, status);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
