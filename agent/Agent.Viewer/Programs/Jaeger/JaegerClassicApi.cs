using System.Text.Json;
using Agent.Viewer.Otlp;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.Viewer.Programs.Jaeger;

/// <summary>Jaeger's first API, which Grafana and Jaeger's pages of one trace ask.</summary>
sealed class JaegerClassicApi(TraceStore store)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var api = new Api(routes, WriteRefusal);
        api.Get("/api/services", context => NamesAsync(context, store.Services()));
        api.Get("/api/services/{service}/operations", context => NamesAsync(context, store.Operations(Service(context)).Select(operation => operation.Name).Distinct()));
        api.Get("/api/operations", OperationsAsync);
        api.Get("/api/traces", TracesAsync);
        api.Get("/api/traces/{id}", context => TracesAsync(context, [ProgramApis.FindTrace(store, context)]));
        api.Get("/api/dependencies", DependenciesAsync);
        api.Post("/api/transform", TransformAsync);
        api.Any("/api/metrics/{**path}", static _ => throw new Refusal(StatusCodes.Status501NotImplemented, "There are no metrics here, only traces."));
        api.Any("/api/{**path}", static context => throw ProgramApis.NotFound(context));
    }

    static Task NamesAsync(HttpContext context, IEnumerable<string> names) => DataAsync(context, names, static (json, name) => json.WriteStringValue(name));

    // A slash in a name arrives as %2F still, which would divide the path otherwise.
    static string Service(HttpContext context) => ((string)context.Request.RouteValues["service"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    Task OperationsAsync(HttpContext context)
    {
        var parameters = new Parameters(context);
        var service = parameters.Text("service") ?? throw new Refusal(StatusCodes.Status400BadRequest, "The parameter service is required: the name of one of /api/services.");
        var kind = parameters.Text("spanKind");
        return DataAsync(context, store.Operations(service).Where(operation => kind is null || kind == JaegerTraceWriter.Kind(operation.Kind)), static (json, operation) =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, operation.Name);
            json.WriteString("spanKind"u8, JaegerTraceWriter.Kind(operation.Kind));
            json.WriteEndObject();
        });
    }

    Task TracesAsync(HttpContext context)
    {
        var ids = new Parameters(context).All("traceID").Select(Parameters.TraceId).Distinct().ToList();
        if (ids.Count == 0)
            ids = [.. store.Find(JaegerQuery.OfClassic(context)).Traces.Select(trace => trace.TraceId)];
        // One at a time, so that the memory holds one; it may be gone by then.
        return TracesAsync(context, ids.Select(store.Find).OfType<Trace>());
    }

    Task DependenciesAsync(HttpContext context)
    {
        var parameters = new Parameters(context);
        var end = parameters.Count("endTs", 1_000_000, "milliseconds since 1970-01-01 UTC");
        var lookback = parameters.Count("lookback", 1_000_000, "milliseconds");
        var from = lookback is { } back ? (end ?? Now()) is var until && until > back ? until - back : 0 : (ulong?)null;
        return DataAsync(context, store.Dependencies(from, end), static (json, calls) =>
        {
            json.WriteStartObject();
            json.WriteString("parent"u8, calls.Parent);
            json.WriteString("child"u8, calls.Child);
            json.WriteNumber("callCount"u8, calls.Calls);
            json.WriteEndObject();
        });
    }

    static async Task TransformAsync(HttpContext context)
    {
        // Whatever the content type is: Jaeger's page sends text/plain. Nothing is kept, so nobody can do harm with it.
        var json = await ProgramApis.ReadBodyAsync(context);
        IReadOnlyList<Trace> traces;
        try
        {
            traces = Trace.Group(OtlpSpans.Read(OtlpJson.ToProtobuf(json.Span, severalDocuments: true).Span).Spans);
        }
        catch (InvalidDataException broken)
        {
            throw new Refusal(StatusCodes.Status400BadRequest, $"The body is not OTLP as JSON: {broken.Message}");
        }

        await TracesAsync(context, traces);
    }

    static async Task TracesAsync(HttpContext context, IEnumerable<Trace> traces)
    {
        await using var answer = new JsonAnswer(context);
        StartData(answer.Json);
        foreach (var trace in traces)
            await JaegerTraceWriter.WriteAsync(answer.Json, trace, answer.SendIfMuchAsync);
        EndData(answer.Json);
    }

    static async Task DataAsync<T>(HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        await using var answer = new JsonAnswer(context);
        StartData(answer.Json);
        foreach (var item in items)
        {
            write(answer.Json, item);
            await answer.SendIfMuchAsync();
        }

        EndData(answer.Json);
    }

    static void StartData(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
    }

    static void EndData(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        WriteCounts(json);
        json.WriteNull("errors"u8);
        json.WriteEndObject();
    }

    static void WriteRefusal(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteNull("data"u8);
        WriteCounts(json);
        json.WriteStartArray("errors"u8);
        json.WriteStartObject();
        json.WriteNumber("code"u8, status);
        json.WriteString("msg"u8, message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Always zero, as Jaeger writes them.
    static void WriteCounts(Utf8JsonWriter json)
    {
        json.WriteNumber("total"u8, 0);
        json.WriteNumber("limit"u8, 0);
        json.WriteNumber("offset"u8, 0);
    }

    static ulong Now() => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
}
