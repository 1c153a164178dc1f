using System.Globalization;
using System.Text.RegularExpressions;

namespace Agent.Viewer.Pages;

/// <summary>Attributes that belong together.</summary>
/// <param name="Name">What they are about.</param>
/// <param name="Attributes">Their names and values as text.</param>
public sealed record AttributeGroup(string Name, IReadOnlyList<(string Name, string Value)> Attributes);

/// <summary>A line of a stack trace.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsApp">Whether it is code of the app, not of a library.</param>
/// <param name="Href">Opens the line in an editor; null if it is not known.</param>
public sealed record StackLine(string Text, bool IsApp, string? Href);

/// <summary>What is known of one span.</summary>
public sealed partial class SpanPage
{
    static readonly (string Group, string[] Prefixes)[] Groups =
    [
        ("dispatch", ["dispatch."]),
        ("http", ["http.", "url.", "user_agent.", "aspnetcore."]),
        ("database", ["db."]),
        ("call", ["rpc.", "messaging.", "server.", "client.", "network.", "peer."]),
        ("code", ["code.", "thread."]),
        ("error", ["error.", "exception."]),
    ];

    static readonly string[] Libraries =
        ["System.", "Microsoft.", "Npgsql.", "MySqlConnector.", "StackExchange.", "Dapper.", "Newtonsoft.", "Grpc.", "Google.", "MassTransit.", "Quartz.", "Hangfire.", "Polly.", "Azure.", "Amazon.", "RabbitMQ.", "Confluent.", "MongoDB."];

    readonly ViewerOptions _options;

    /// <summary>Looks at a span.</summary>
    public SpanPage(TraceNode node, TraceAnalysis analysis, ViewerOptions options)
    {
        (Node, Analysis, _options) = (node, analysis, options);
        AttributeGroups = [.. Grouped(Span.Attributes)];
        Resource = [.. Span.Resource.Select(static pair => (pair.Key, Value(pair.Value)))];
        Source = Text("code.file.path") is { } path
            ? ($"{path[(path.LastIndexOfAny(['/', '\\']) + 1)..]}{(Text("code.line.number") is { } line ? $":{line}" : "")}", EditorHref(path, Text("code.line.number")))
            : null;
    }

    /// <summary>The span in its tree.</summary>
    public TraceNode Node { get; }

    /// <summary>The span.</summary>
    public ReceivedSpan Span => Node.Span;

    /// <summary>The trace's analysis.</summary>
    public TraceAnalysis Analysis { get; }

    /// <summary>Its attributes, those that belong together beside each other.</summary>
    public IReadOnlyList<AttributeGroup> AttributeGroups { get; }

    /// <summary>What describes its process.</summary>
    public IReadOnlyList<(string Name, string Value)> Resource { get; }

    /// <summary>Where its code is: file and line, and what opens them in an editor if that can be said; null if not known.</summary>
    public (string Text, string? Href)? Source { get; }

    /// <summary>When it started, after the trace's start, in nanoseconds.</summary>
    public ulong OffsetNano => Span.StartUnixNano - Analysis.Trace.StartUnixNano;

    /// <summary>An attribute's value as text.</summary>
    public static string Value(object? value) => value is null ? "null" : SpanDetails.Text(value);

    /// <summary>The list of traces that have an attribute with this value.</summary>
    public static string FilterHref(string name, string value) => new ListQuery { Q = Storage.TraceFilter.Write(new(name, Storage.FilterOperator.Equal, value)) }.Href();

    /// <summary>The address itself if it is one of http or https and may be a link; null otherwise.</summary>
    public static string? WebAddress(string value) =>
        value.Length < 2000 && Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address.AbsoluteUri : null;

    /// <summary>A stack trace by lines.</summary>
    public IReadOnlyList<StackLine> StackLines(string stackTrace) => [.. stackTrace.ReplaceLineEndings("\n").Split('\n').Select(line =>
    {
        var frame = Frame().Match(line);
        if (!frame.Success)
            return new StackLine(line, false, null);
        var isApp = !Libraries.Any(library => frame.Groups["method"].Value.StartsWith(library, StringComparison.Ordinal));
        return new StackLine(line, isApp, frame.Groups["path"].Success ? EditorHref(frame.Groups["path"].Value, frame.Groups["line"].Value) : null);
    })];

    static IEnumerable<AttributeGroup> Grouped(IReadOnlyDictionary<string, object?> attributes)
    {
        foreach (var group in Groups)
        {
            (string, string)[] those = [.. attributes.Where(pair => IsIn(group, pair.Key)).Select(static pair => (pair.Key, Value(pair.Value)))];
            if (those.Length > 0)
                yield return new(group.Group, those);
        }

        (string, string)[] others = [.. attributes.Where(static pair => !Groups.Any(group => IsIn(group, pair.Key))).Select(static pair => (pair.Key, Value(pair.Value)))];
        if (others.Length > 0)
            yield return new("other", others);
    }

    static bool IsIn((string Group, string[] Prefixes) group, string name) => group.Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    string? Text(string attribute) => SpanLook.Text(Span, attribute);

    // A path that a build has mapped (/_/src/…) is on no machine.
    string? EditorHref(string path, string? line)
    {
        var isAbsolute = path.StartsWith('/') || (path.Length > 2 && path[1] == ':' && path[2] is '\\' or '/');
        if (!isAbsolute || path.StartsWith("/_", StringComparison.Ordinal))
            return null;
        var number = int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 1;
        var escaped = string.Join('/', path.Replace('\\', '/').Split('/').Select(static (part, i) => i == 0 && part.EndsWith(':') ? part : Uri.EscapeDataString(part)));
        // vscode://file/{path} has the first slash of a path already.
        return _options.EditorLink.Replace("/{path}", $"/{escaped.TrimStart('/')}", StringComparison.Ordinal).Replace("{path}", escaped, StringComparison.Ordinal).Replace("{line}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*at (?<method>[^\s(]+).*?\)(?: in (?<path>.+):line (?<line>\d+))?\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex Frame();
}
