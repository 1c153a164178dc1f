namespace Agent.IntegrationTests;

/// <summary>An app that says more in its traces through Agent.Api, with the agent and without.</summary>
[TestClass]
public sealed class ApiTests
{
    [TestMethod]
    public async Task Root_and_current_span_are_the_requests()
    {
        await using var app = await TracedApp.Start("Annotated");
        Assert.AreEqual("True True 32 16", await app.Client.GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.AreEqual("later", await app.Client.GetStringAsync(new Uri("/handled", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        Snapshot.Matches(traces);
        StringAssert.Contains(ended.Output, "outside: False");
    }

    [TestMethod]
    public async Task Without_the_agent_it_does_nothing()
    {
        await using var app = TestApp.Start("Annotated", ["--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        Assert.AreEqual("False False 0 0", await client.GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.AreEqual("later", await client.GetStringAsync(new Uri("/handled", UriKind.Relative)));
        var ended = await app.Stop();
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error));
        StringAssert.Contains(ended.Output, "outside: False");
    }
}
