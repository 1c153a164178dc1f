using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>
/// Whole span trees as text, compared with a file beside the tests. The tree holds every span. What differs from run to run (ids, times,
/// ports, stack traces) is left out here, not scrubbed afterwards. AGENT_UPDATE_SNAPSHOTS=1 writes the files instead; read the diff.
/// </summary>
static partial class Snapshot
{
    static readonly HashSet<string> Varying = ["server.port", "exception.stacktrace", "network.peer.port", "user_agent.original", "db.npgsql.data_source", "db.npgsql.connection_id", "db.connection_id",
        "elastic.transport.prepare_request_ms", "elastic.transport.deserialize_response_ms", "elastic.transport.product.version", "elastic.transport.version",
        "client.port", "network.local.port", "messaging.message.id", "messaging.message.conversation_id", "messaging.masstransit.message_id", "messaging.masstransit.source_address", "messaging.message.body.size", "messaging.message.envelope.size", "quartz.fire.instance.id", "az.client_request_id", "azure.cosmosdb.client.id", "azure.cosmosdb.correlated_activity_id"];

    /// <param name="traces">What is compared.</param>
    /// <param name="sentByApp">It was sent by an OpenTelemetry of the app's.</param>
    public static void Matches(IEnumerable<Trace> traces, bool sentByApp = false, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        var all = traces.ToList();
        var names = all.SelectMany(trace => trace.Nodes).ToDictionary(node => node.Span.SpanId, node => node.Span.Name);
        var actual = string.Join('\n', all.Select(trace => Render(trace, names, sentByApp)));
        var path = Path.Combine(Places.Snapshots, Path.GetFileNameWithoutExtension(file), test + ".txt");
        if (Environment.GetEnvironmentVariable("AGENT_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        Assert.IsTrue(File.Exists(path), $"There is no {path}; AGENT_UPDATE_SNAPSHOTS=1 writes it. The trees are:\n{actual}");
        Assert.AreEqual(Net11.Expected(File.ReadAllText(path)), actual);
    }

    static string Render(Trace trace, Dictionary<string, string> names, bool sentByApp)
    {
        var text = new StringBuilder();
        foreach (var root in trace.Roots)
            Append(text, root, names, sentByApp, "", isRoot: true, isLast: true);
        return text.ToString();
    }

    static void Append(StringBuilder text, TraceNode node, Dictionary<string, string> names, bool sentByApp, string indent, bool isRoot, bool isLast)
    {
        var span = node.Span;
        var name = $"{indent}{(isRoot ? "" : isLast ? "└─ " : "├─ ")}{span.Name}";
        text.Append($"{name,-60} {span.Kind.ToString().ToLowerInvariant(),-8} {span.ScopeName}\n");
        var below = isRoot ? "" : indent + (isLast ? "   " : "│  ");
        var details = below + (node.Children.Count > 0 ? "│     " : "      ");
        if (span.ParentIsRemote)
            text.Append($"{details}(parent is remote)\n");
        if (node.IsOrphan && !span.ParentIsRemote)
            text.Append($"{details}(parent is missing)\n");
        if (span.StatusCode != SpanStatusCode.Unset)
            text.Append($"{details}status: {span.StatusCode.ToString().ToLowerInvariant()} {span.StatusMessage}".TrimEnd() + "\n");
        foreach (var link in span.Links)
            text.Append($"{details}link to {names.GetValueOrDefault(link.SpanId, "a span that is not here")}\n");
        Append(text, details, span.Attributes.Where(attribute => !Net11.Adds(span, attribute.Key, sentByApp)));
        foreach (var @event in span.Events)
        {
            text.Append($"{details}event {@event.Name}\n");
            Append(text, details + "   ", @event.Attributes);
        }
        for (var i = 0; i < node.Children.Count; i++)
            Append(text, node.Children[i], names, sentByApp, below, isRoot: false, i == node.Children.Count - 1);
    }

    static void Append(StringBuilder text, string indent, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        foreach (var (key, value) in attributes.Where(attribute => !Varying.Contains(attribute.Key)).OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
            text.Append($"{indent}{key}: {Port().Replace(value is object[] list ? $"[{string.Join(", ", list)}]" : $"{value}", "$1:PORT").ReplaceLineEndings("⏎")}\n");
    }

    [GeneratedRegex(@"(127\.0\.0\.1|localhost):\d+")]
    private static partial Regex Port();
}
