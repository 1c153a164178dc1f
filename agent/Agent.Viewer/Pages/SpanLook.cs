using System.Globalization;

namespace Agent.Viewer.Pages;

/// <summary>How a span looks: its category and its badges.</summary>
static class SpanLook
{
    public static SpanCategory Category(ReceivedSpan span)
    {
        switch (Text(span, "dispatch.kind"))
        {
            case "hook": return SpanCategory.Hook;
            case "load": return IsView(span) ? SpanCategory.View : SpanCategory.Load;
            case "action": return SpanCategory.Action;
            case "remote": return SpanCategory.Remote;
            case "startup": return SpanCategory.Job;
        }

        if (Has(span, "dispatch.endpoint.kind"))
            return SpanCategory.Endpoint;
        if (Has(span, "db.system.name") || Has(span, "db.system"))
            return SpanCategory.Database;
        if (Has(span, "messaging.system"))
            return SpanCategory.Message;
        if (span.Name.StartsWith("job ", StringComparison.Ordinal) || span.ScopeName is "Agent.Jobs" or "Quartz" || Has(span, "job.type"))
            return SpanCategory.Job;
        return span.Kind switch
        {
            SpanKind.Producer or SpanKind.Consumer => SpanCategory.Message,
            SpanKind.Server => SpanCategory.Request,
            SpanKind.Client => SpanCategory.Http,
            _ => IsView(span) ? SpanCategory.View : SpanCategory.Other,
        };
    }

    /// <summary>The category's word on pages, and its class in the style sheet.</summary>
    public static string Word(SpanCategory category) => category switch
    {
        SpanCategory.Http => "http",
        SpanCategory.Database => "database",
        _ => category.ToString().ToLowerInvariant(),
    };

    /// <summary>What the name of a request leaves open: the path, if it has no route or one with parameters; empty otherwise.</summary>
    public static string Path(ReceivedSpan span) =>
        span.Kind == SpanKind.Server && Text(span, "url.path") is { } path && (Text(span, "http.route") is not { } route || route.Contains('{', StringComparison.Ordinal)) ? path : "";

    public static IEnumerable<Badge> Badges(ReceivedSpan span)
    {
        var result = Text(span, "dispatch.result.type");
        var status = Text(span, "http.response.status_code") ?? Text(span, "dispatch.result.status");
        if (status is not null && (span.Kind is SpanKind.Server or SpanKind.Client || result is not (null or "success") || IsShortCircuit(span)))
            yield return new(status, status is ['5', ..] ? "bad" : status is ['4', ..] ? "warn" : status is ['3', ..] ? "info" : "ok", $"Status {status}");
        if ((Text(span, "rpc.response.status_code") ?? Text(span, "rpc.grpc.status_code")) is { } rpc && rpc is not ("OK" or "0"))
            yield return new(rpc, "warn", $"gRPC status {rpc}");
        switch (result)
        {
            case "redirect":
                yield return new($"→ {Text(span, "dispatch.result.location") ?? "elsewhere"}", "info", "Redirects");
                break;
            case "failure":
                var errors = Text(span, "dispatch.modelstate.error_count");
                yield return new("validation failed", "warn", errors is null ? "What was sent did not pass the validation" : $"What was sent did not pass the validation: {errors} errors");
                break;
            case "aborted":
                yield return new("aborted", "warn", "The client left before it had everything");
                break;
        }

        if (IsShortCircuit(span))
            yield return new("short circuit", "warn", "Answered by itself: what comes after it did not run");
        if (Text(span, "dispatch.exception.handled") == "true")
            yield return new("handled", "info", "Has answered for an exception");
        if (Text(span, "dispatch.authorization.result") is { } authorization && authorization is not "success")
            yield return new(authorization, "warn", "Result of the authorization");
        if (Text(span, "dispatch.connection.long") == "true")
            yield return new("long connection", "info", "The span ended when the connection was established");
    }

    public static bool IsShortCircuit(ReceivedSpan span) =>
        Text(span, "dispatch.middleware.short_circuited") == "true" || Text(span, "dispatch.filter.short_circuited") == "true";

    /// <summary>The exception that the span recorded; null if none.</summary>
    public static SpanEvent? Exception(ReceivedSpan span) => span.Events.FirstOrDefault(static e => e.Name == "exception");

    /// <summary>The last part of the exception's type: InvalidOperationException.</summary>
    public static string ExceptionName(SpanEvent exception)
    {
        var type = Text(exception.Attributes, "exception.type") ?? "exception";
        return type[(type.LastIndexOfAny(['.', '+']) + 1)..];
    }

    public static string? Text(ReceivedSpan span, string attribute) => Text(span.Attributes, attribute);

    public static string? Text(IReadOnlyDictionary<string, object?> attributes, string name) =>
        attributes.GetValueOrDefault(name) is { } value ? SpanDetails.Text(value) : null;

    /// <summary>How long a bar is on a common scale of durations, a logarithm: one slow start does not flatten all others. 20 µs and less have hardly any.</summary>
    public static double Length(ulong nanoseconds) => Math.Log10(1 + Math.Max(1, nanoseconds) / 20_000.0);

    /// <summary>A number for an attribute of svg.</summary>
    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    static bool Has(ReceivedSpan span, string attribute) => span.Attributes.ContainsKey(attribute);

    static bool IsView(ReceivedSpan span) => Has(span, "dispatch.view.path")
        || span.Name.StartsWith("view ", StringComparison.Ordinal) || span.Name.StartsWith("layout ", StringComparison.Ordinal);
}
