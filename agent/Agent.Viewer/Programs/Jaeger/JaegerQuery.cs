using System.Globalization;
using System.Text.Json;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Programs.Jaeger;

/// <summary>
/// A search as Jaeger's two APIs ask for it. Service, operation, attributes and durations must be true of one and the same span; the times
/// are those of the trace's start, both inclusive.
/// </summary>
static class JaegerQuery
{
    const int UsualLimit = 100;

    /// <summary>Of <c>/api/v3</c>: names as proto3 writes them in JSON, and as Jaeger wrote them before.</summary>
    public static TraceQuery OfV3(HttpContext context)
    {
        var parameters = new Parameters(context);
        var from = parameters.Moment("query.startTimeMin", "query.start_time_min");
        var to = parameters.Moment("query.startTimeMax", "query.start_time_max");
        if (from is null || to is null)
            throw new Refusal(StatusCodes.Status400BadRequest, "The parameters query.startTimeMin and query.startTimeMax are required, as RFC 3339 writes times: 2026-01-02T03:04:05Z.");
        return Of(
            parameters.Text("query.serviceName", "query.service_name"),
            parameters.Text("query.operationName", "query.operation_name"),
            Tags(parameters, "query.attributes"),
            parameters.Duration("query.durationMin", "query.duration_min"),
            parameters.Duration("query.durationMax", "query.duration_max"),
            from,
            to,
            parameters.Limit(UsualLimit, "query.searchDepth", "query.search_depth", "query.num_traces"));
    }

    /// <summary>Of <c>/api/traces</c>.</summary>
    public static TraceQuery OfClassic(HttpContext context)
    {
        var parameters = new Parameters(context);
        return Of(
            parameters.Text("service"),
            parameters.Text("operation"),
            [.. Tags(parameters, "tags"), .. parameters.All("tag").Select(Tag)],
            parameters.Duration("minDuration"),
            parameters.Duration("maxDuration"),
            parameters.Count("start", 1000, "microseconds since 1970-01-01 UTC"),
            parameters.Count("end", 1000, "microseconds since 1970-01-01 UTC"),
            parameters.Limit(UsualLimit, "limit"));
    }

    static TraceQuery Of(string? service, string? operation, IEnumerable<KeyValuePair<string, string>> tags, ulong? least, ulong? most, ulong? from, ulong? to, int limit)
    {
        var terms = new List<FilterTerm>();
        if (service is not null)
            terms.Add(new("service", FilterOperator.Equal, service));
        if (operation is not null)
            terms.Add(new("name", FilterOperator.Equal, operation));
        terms.AddRange(tags.Select(Term));
        if (least is { } atLeast)
            terms.Add(new("span.duration", FilterOperator.GreaterOrEqual, Nanoseconds(atLeast)));
        if (most is { } atMost)
            terms.Add(new("span.duration", FilterOperator.LessOrEqual, Nanoseconds(atMost)));
        try
        {
            return new()
            {
                Filter = TraceFilter.Of(terms, onOneSpan: true),
                From = from,
                To = to + 1, // ours is exclusive
                Limit = limit,
            };
        }
        catch (FormatException wrong)
        {
            throw new Refusal(StatusCodes.Status400BadRequest, wrong.Message);
        }
    }

    // Jaeger keeps as tags what OTLP has as fields of the span.
    static FilterTerm Term(KeyValuePair<string, string> tag) => (tag.Key, tag.Value) switch
    {
        ("error", "true") or ("otel.status_code", "ERROR") => new("error", FilterOperator.Exists, ""),
        ("error", "false") => new("error", FilterOperator.Exists, "", IsNegated: true),
        ("span.kind", _) => new("kind", FilterOperator.Equal, tag.Value),
        _ => new(tag.Key, FilterOperator.Equal, tag.Value),
    };

    static List<KeyValuePair<string, string>> Tags(Parameters parameters, string name)
    {
        var tags = new List<KeyValuePair<string, string>>();
        if (parameters.Text(name) is not { } text)
            return tags;
        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (var tag in json.RootElement.EnumerateObject())
            {
                tags.Add(new(tag.Name, tag.Value.ValueKind switch
                {
                    JsonValueKind.String => tag.Value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => tag.Value.GetRawText(),
                    _ => throw new JsonException(),
                }));
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Parameters.Refuse(name, text, """a JSON object of texts, {"http.route":"/orders/{id}"}""");
        }

        return tags;
    }

    static KeyValuePair<string, string> Tag(string text) => text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
        ? new(text[..colon], text[(colon + 1)..])
        : throw Parameters.Refuse("tag", text, "name:value");

    static string Nanoseconds(ulong duration) => duration.ToString(CultureInfo.InvariantCulture) + "ns";
}
