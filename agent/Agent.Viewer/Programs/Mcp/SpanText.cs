using System.Collections;
using System.Globalization;
using System.Text;

namespace Agent.Viewer.Programs.Mcp;

/// <summary>What is said of a span in a text for a model.</summary>
static class SpanText
{
    const int MaxValue = 1000;

    // What tells most about a span, in this order.
    static readonly string[] Telling =
    [
        "http.response.status_code", "dispatch.kind", "dispatch.result.type", "dispatch.result.status", "dispatch.result.location", "dispatch.middleware.short_circuited", "http.route",
        "db.system.name", "db.query.text", "url.full", "messaging.destination.name", "error.type",
    ];

    /// <summary>Moments as RFC 3339 has them, to the microsecond.</summary>
    public static string Time(ulong unixNano) => DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(unixNano / 100, (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks))
        .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Name, kind, process if it is another one than the parent's, what tells most, source line, id; the error if there is one.</summary>
    public static string Line(TraceNode node)
    {
        var span = node.Span;
        var line = new StringBuilder(OneLine(span.Name));
        if (span.Kind is not (SpanKind.Internal or SpanKind.Unspecified))
            line.Append(CultureInfo.InvariantCulture, $" [{span.Kind.ToString().ToLowerInvariant()}]");
        if (node.Parent is null || SpanDetails.Service(node.Parent.Span) != SpanDetails.Service(span))
            line.Append(CultureInfo.InvariantCulture, $" @{OneLine(SpanDetails.Service(span))}");
        foreach (var name in Telling)
        {
            if (span.Attributes.GetValueOrDefault(name) is { } value && !(name == "http.route" && value is string route && span.Name.Contains(route, StringComparison.Ordinal)))
                line.Append(CultureInfo.InvariantCulture, $" {name}={Value(value)}");
        }

        if (Source(span) is { } source)
            line.Append(CultureInfo.InvariantCulture, $" at {source}");
        line.Append(CultureInfo.InvariantCulture, $" #{span.SpanId}");
        if (node.IsOrphan)
            line.Append(" (its parent is missing)");
        if (span.StatusCode == SpanStatusCode.Error)
            line.Append(" ERROR").Append(span.StatusMessage.Length > 0 ? ": " + Shorten(OneLine(span.StatusMessage)) : "");
        return line.ToString();
    }

    /// <summary>Where the code of a span is: <c>Pages/Order.cshtml.cs:17</c>; null if the trace does not say.</summary>
    public static string? Source(ReceivedSpan span) => span.Attributes.GetValueOrDefault("code.file.path") is string file
        ? OneLine(span.Attributes.GetValueOrDefault("code.line.number") is { } line ? $"{file}:{line}" : file)
        : null;

    /// <summary>A value on one line, quoted if it has blanks; a long one cut, which is said.</summary>
    public static string Value(object? value)
    {
        var text = Shorten(OneLine(Text(value)));
        return text.Contains(' ', StringComparison.Ordinal) || text.Length == 0 ? $"\"{text}\"" : text;
    }

    public static string Shorten(string text, int most = MaxValue) =>
        text.Length <= most ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..most]}… ({text.Length - most} more characters)");

    /// <summary>What came in a text must not look like another line of ours.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029'))
            return text;
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029'))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString();
    }

    /// <summary>A value as text, as long as it is.</summary>
    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(pair => $"{pair.Key}: {Text(pair.Value)}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
