using System.Collections;
using System.Globalization;

namespace Agent.Viewer;

/// <summary>
/// The few words beside a span. Says nothing twice: no route that is in the name, no <c>dispatch.kind</c> that the parent has, no
/// "success", no error type that an exception line shows, no value that stands beside it already.
/// </summary>
static class SpanDetails
{
    /// <summary>Instead of the name of a service that does not say it.</summary>
    public const string NoService = "(no service.name)";

    public static IEnumerable<(string Text, Style Style)> Of(TraceNode node, IReadOnlyList<string> attributes)
    {
        var span = node.Span;
        var shown = new HashSet<string>();
        if (node.IsOrphan)
            yield return ("parent missing", Style.Yellow);
        if (node.Parent is { } parent && Service(parent.Span) != Service(span))
            yield return ($"@{Service(span)}", Style.Magenta);
        foreach (var name in attributes)
        {
            if (span.Attributes.GetValueOrDefault(name) is { } value && Of(node, name, Text(value)) is { } detail && shown.Add(detail.Text))
                yield return detail;
        }
    }

    /// <summary>The name of the process that sent the span.</summary>
    public static string Service(ReceivedSpan span) => Service(span.Resource);

    /// <summary>The name of the process that is described so.</summary>
    public static string Service(IReadOnlyDictionary<string, object?> resource) => resource.GetValueOrDefault("service.name") as string ?? NoService;

    static (string Text, Style Style)? Of(TraceNode node, string name, string text) => name switch
    {
        "http.response.status_code" or "dispatch.result.status" => (text, StatusStyle(text)),
        "dispatch.kind" => text == InheritedKind(node) ? null : (text, Style.Dim),
        "dispatch.result.type" => text == "success" ? null : (text, ResultStyle(text)),
        "dispatch.result.location" => ($"→ {text}", Style.Dim),
        "dispatch.middleware.short_circuited" => text == "true" ? ("short-circuited", Style.Yellow) : null,
        "http.route" => node.Span.Name.Contains(text, StringComparison.Ordinal) ? null : (text, Style.Dim),
        "db.query.text" => (string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Style.Dim),
        "url.full" => (text, Style.Dim),
        "error.type" => node.Span.Events.Any(e => text.Equals(e.Attributes.GetValueOrDefault("exception.type"))) ? null : (text, Style.Red),
        _ => ($"{name}={text}", Style.Dim),
    };

    static Style StatusStyle(string status) => status switch
    {
        ['5', ..] => Style.Red,
        ['4', ..] => Style.Yellow,
        _ => Style.Dim,
    };

    static Style ResultStyle(string type) => type switch
    {
        "redirect" => Style.Cyan,
        "unknown_error" => Style.Red,
        _ => Style.Yellow,
    };

    static string? InheritedKind(TraceNode node)
    {
        for (var above = node.Parent; above is not null; above = above.Parent)
        {
            if (above.Span.Attributes.GetValueOrDefault("dispatch.kind") is string kind)
                return kind;
        }

        return null;
    }

    /// <summary>A value of an attribute as text.</summary>
    public static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(pair => $"{pair.Key}: {Text(pair.Value ?? "null")}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Text(item ?? "null")))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
