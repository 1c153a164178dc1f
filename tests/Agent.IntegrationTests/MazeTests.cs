using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Random pipelines under load: the spans nest exactly as the app itself says that it ran.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class MazeTests
{
    const int Shapes = 1000;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 1000 };

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task A_thousand_shapes_nest_as_they_ran()
    {
        // Another one finds other mazes; a failure names it.
        var seed = int.Parse(Environment.GetEnvironmentVariable("MAZE_SEED") ?? "20261123", CultureInfo.InvariantCulture);
        TestContext.WriteLine($"MAZE_SEED={seed}");
        await using var app = await TracedApp.Start("Maze", ("Maze__Seed", $"{seed}"), ("Maze__Shapes", $"{Shapes}"),
            ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Maze"), ("OTEL_BSP_MAX_QUEUE_SIZE", "100000"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));

        var statuses = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Shapes), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, stop) =>
        {
            var traceId = Guid.NewGuid().ToString("N");
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/maze/{number}") { Headers = { { "traceparent", $"00-{traceId}-b7ad6b7169203331-01" } } };
            using var response = await app.Client.SendAsync(request, stop);
            await response.Content.ReadAsByteArrayAsync(stop);
            statuses[traceId] = (int)response.StatusCode;
        });
        var recordings = JsonSerializer.Deserialize<List<Recording>>(await app.Client.GetStringAsync(new Uri("/recordings", UriKind.Relative)), Json)!;
        var traces = (await app.Stop()).Traces.Where(trace => trace.Roots[0].Span.Name != "GET /recordings").ToDictionary(trace => trace.TraceId);

        CollectionAssert.AreEquivalent(statuses.Keys.ToList(), recordings.Select(recording => recording.TraceId).ToList());
        CollectionAssert.AreEquivalent(statuses.Keys.ToList(), traces.Keys.ToList());
        var different = 0;
        var report = new StringBuilder();
        foreach (var recording in recordings)
        {
            var (ran, traced) = (Ran(recording.Root), Traced(traces[recording.TraceId!], recording.Root));
            if (ran != traced && ++different <= 3)
                report.Append($"\nThe app ran\n{ran}and the spans are\n{traced}");
            Assert.AreEqual((long)statuses[recording.TraceId!], traces[recording.TraceId!].Roots[0].Span.Attributes["http.response.status_code"]);
        }
        Assert.AreEqual(0, different, $"of {recordings.Count} shapes with MAZE_SEED={seed}:{report}");
        var spans = traces.Values.Sum(trace => trace.Nodes.Count);
        TestContext.WriteLine($"{spans} spans, the largest tree has {traces.Values.Max(trace => trace.Nodes.Count)}");
        Assert.IsGreaterThan(10 * Shapes, spans, "the mazes are not trivial");
    }

    static string Ran(RecordedNode root) => Write(root, node => node.Children,
        node => $"{node.Name} {node.SpanId ?? "-"}{IsHandler(node.Name, node.SpanId is not null)}{(node.LeftIn is { } other ? $" left in {other}" : "")}", node => node.Group, "");

    static string Traced(Trace trace, RecordedNode recorded)
    {
        var groups = new Dictionary<string, int>();
        Collect(recorded);
        return string.Concat(trace.Roots.Select(root => Write(root, node => node.Children,
            node => $"{node.Span.Name} {(groups.ContainsKey(node.Span.SpanId) ? node.Span.SpanId : "-")}{IsHandler(node.Span.Name, node.Span.Attributes.ContainsKey("dispatch.kind"))}", node => groups.GetValueOrDefault(node.Span.SpanId), "")));

        void Collect(RecordedNode node)
        {
            if (node.SpanId is not null)
                groups[node.SpanId] = node.Group;
            foreach (var child in node.Children)
                Collect(child);
        }
    }

    /// <summary>The span of an endpoint is that of its handler if there is nothing between the two.</summary>
    static string IsHandler(string name, bool isOne) => isOne && name.StartsWith("endpoint ", StringComparison.Ordinal) ? " handler" : "";

    /// <summary>The tree as text. Siblings are in the order of their beginning, but those that ran side by side in that of their text.</summary>
    static string Write<T>(T node, Func<T, IReadOnlyList<T>> children, Func<T, string> line, Func<T, int> group, string indent)
    {
        var text = new StringBuilder($"{indent}{line(node)}\n");
        var below = children(node).Select(child => (Group: group(child), Text: Write(child, children, line, group, indent + "  "))).ToList();
        for (var i = 0; i < below.Count;)
        {
            var sideBySide = below[i].Group == 0 ? [below[i]] : below.Skip(i).TakeWhile(child => child.Group == below[i].Group).ToList();
            text.AppendJoin("", sideBySide.Select(child => child.Text).Order(StringComparer.Ordinal));
            i += sideBySide.Count;
        }
        return text.ToString();
    }
}
