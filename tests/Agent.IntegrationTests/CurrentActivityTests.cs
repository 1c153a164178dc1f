using System.Text.Json;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>
/// The contract: wherever an app has code of its own, Activity.Current is with the agent what it is with nobody but a listener to the framework's sources: the same object with
/// the same name, id, parents, tags and baggage. And the spans of what the app did are in one tree all the same.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class CurrentActivityTests
{
    static readonly string[] Paths = ["/minimal", "/controller", "/page", "/component", "/throws", "/calls"];

    static readonly (string Name, string? Value) Traced = ("AGENT_TRACE_METHODS", "Mirror.Elsewhere.Traced");

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Looks_the_same_everywhere()
    {
        await using var untraced = TestApp.Start("Mirror", ["--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await untraced.Listening };
        var expected = await Look(client);
        foreach (var last in (string[])["gRPC method later: the request", "event later: ", "call from JavaScript: "])
            StringAssert.Contains(expected, last, "the app comes everywhere");
        foreach (var sampler in (string[])["always_on", "always_off"])
        {
            await using var app = await TracedApp.Start("Mirror", Traced, ("OTEL_TRACES_SAMPLER", sampler));
            Assert.AreEqual(expected, await Look(app.Client), sampler);
        }
    }

    /// <summary>What the app has begun itself, and what libraries have, hangs below the span that encloses it.</summary>
    [TestMethod]
    public async Task The_tree_has_everything_in_its_place()
    {
        await using var app = await TracedApp.Start("Mirror", Traced, ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Mirror"), ("AGENT_MIDDLEWARE", "none"));
        await app.Client.GetStringAsync(new Uri("/minimal", UriKind.Relative));
        var (traces, _) = await app.Stop();
        Assert.AreEqual("""
            GET /minimal
              filter Program.cs:63
                handler /minimal
                  SELECT
                  of the app
                    SELECT
                  Elsewhere.Traced
                  GET
                    GET /baggage

            """, Names(traces.Single().Roots, ""));

        static string Names(IEnumerable<TraceNode> nodes, string indent) => string.Concat(nodes.Where(node => !node.Span.Name.StartsWith("auth", StringComparison.Ordinal))
            .Select(node => $"{indent}{node.Span.Name}\n{Names(node.Children, indent + "  ")}"));
    }

    static async Task<string> Look(HttpClient client)
    {
        var answers = new List<string>();
        foreach (var path in Paths)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            answers.Add($"{path} {(int)response.StatusCode} {(await response.Content.ReadAsStringAsync()).Split("<!--")[0].Trim()}"); // Blazor's state is encrypted
        }
        using (var circuit = await Circuit.Start(client, new Uri(client.BaseAddress!, "/circuit")))
        {
            Assert.IsTrue(await circuit.Dispatch(1, "click", new { type = "click" }));
            answers.Add($"call {await circuit.Invoke("Mirror", "Call", 0, "[]")}");
            await circuit.Close();
        }
        // Sorted: a response is here before the code behind it has run, so that may look before or after the next request does.
        answers.AddRange(JsonSerializer.Deserialize<string[]>(await client.GetStringAsync(new Uri("/seen", UriKind.Relative)))!.Order(StringComparer.Ordinal));
        return string.Join('\n', answers);
    }
}
