namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// Plugins of an app that can be unloaded are unloaded with the agent, too, whatever of theirs it has seen. Their code is not patched, which is said once,
/// not for each of them; what they use of the app's libraries is traced.
/// </summary>
[TestClass]
public sealed class GuestsTests
{
    [TestMethod]
    public async Task Plugins_are_unloaded()
    {
        await using var app = await TracedApp.Start("Guests");
        for (var i = 0; i < 2; i++)
            Assert.AreEqual("0 of 5 guests are still there.", await app.Client.GetStringAsync(new Uri("/guests", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        var lines = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(2, lines, ended.Error);
        Assert.AreEqual("Agent 0.1.0: a database command gets no span, because its code can be unloaded (Guests.OwnCommand); nor does any other code that can.", lines[1]);
        foreach (var trace in traces)
        {
            CollectionAssert.AreEquivalent(new[] { ("GET /guests", 1), ("endpoint /guests", 1), ("SELECT", 10), ("cache miss", 5), ("authorization Room", 5) },
                trace.Nodes.GroupBy(node => node.Span.Name).Select(group => (group.Key, group.Count())).ToArray());
        }
    }

    [TestMethod]
    public async Task Without_the_agent()
    {
        await using var app = TestApp.Start("Guests", ["--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        Assert.AreEqual("0 of 5 guests are still there.", await client.GetStringAsync(new Uri("/guests", UriKind.Relative)));
    }
}
