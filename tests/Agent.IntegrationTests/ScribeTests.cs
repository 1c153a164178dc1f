using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Models and tools: each call is one span, with the conventions' attributes and nothing of what was said.</summary>
[TestClass]
public sealed class ScribeTests
{
    /// <summary>The same spans, wherever the app has put its telemetry, and where it has none.</summary>
    [TestMethod]
    [DataRow("inside")]
    [DataRow("outside")]
    [DataRow("none")]
    public Task Model_that_calls_a_tool(string telemetry) => Run([($"/ai?telemetry={telemetry}", "s3cret-answer")], $"{nameof(Model_that_calls_a_tool)}_{telemetry}");

    [TestMethod]
    public Task Clients_of_models() => Run([("/ai/embedding", "2"), ("/openai?name=m1", "s3cret-answer"), ("/openai?name=bad", "400"), ("/anthropic?name=m1", "end_turn"), ("/anthropic?name=bad", "400")]);

    [TestMethod]
    public Task Semantic_Kernel() => Run([("/kernel/prompt", "s3cret-answer"), ("/kernel/prompt", "s3cret-answer"), ("/kernel/function", "Nobody can do that.")]);

    [TestMethod]
    public Task Mcp() => Run([("/tool?name=count", "15 s3cret-answer"), ("/tool?name=fail", "failed"), ("/tool?name=missing", "InvalidParams")]);

    static async Task Run((string Path, string Answer)[] requests, [CallerMemberName] string test = "")
    {
        using var model = new FakeModel();
        await using var app = await TracedApp.Start("Scribe", ("AGENT_MIDDLEWARE", "none"), ("Model", model.Address));
        await app.Answers(requests);
        var traces = await app.StopQuiet();
        foreach (var span in traces.SelectMany(trace => trace.Nodes).Select(node => node.Span))
            CollectionAssert.AllItemsAreUnique(span.Attributes.Select(attribute => attribute.Key).ToList(), span.Name);
        Snapshot.Matches(traces, test: test);
    }
}
