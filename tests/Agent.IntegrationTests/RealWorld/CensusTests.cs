using System.Diagnostics;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// An app that looks at its own assemblies finds the ones it finds without the agent, can load whatever they refer to, and hears of no others. No wait of the
/// app for the agent's start depends on code of the app: where that would hang, the app goes on, and is traced from then on.
/// </summary>
[TestClass]
public sealed class CensusTests
{
    [TestMethod]
    [DataRow("at-once")]
    [DataRow("references")]
    [DataRow("constructor")]
    public async Task Prints_the_same(string mode)
    {
        var expected = await Run(mode, isTraced: false);
        var traced = await Run(mode, isTraced: true);
        Assert.AreEqual((0, expected.Output), (traced.ExitCode, traced.Output), traced.Error);
    }

    /// <summary>In a web app the first scan happens while the agent starts.</summary>
    [TestMethod]
    public async Task A_web_app_sees_the_same_at_its_start_and_later()
    {
        var expected = await Scans(isTraced: false);
        var traced = await Scans(isTraced: true);
        Assert.AreEqual(expected, traced);

        static async Task<string> Scans(bool isTraced)
        {
            await using var app = TestApp.Start("Census", ["web", "--urls", "http://127.0.0.1:0"], Environment(isTraced));
            using var client = new HttpClient { BaseAddress = await app.Listening };
            return $"{app.Output.Split('\n')[0]}\n{await client.GetStringAsync(new Uri("/scan", UriKind.Relative))}";
        }
    }

    /// <summary>Where methods cannot be patched, the agent's assemblies stay in the list, and can be loaded like all others.</summary>
    [TestMethod]
    public async Task What_stays_visible_can_be_loaded()
    {
        var (code, output, error) = await Run("references", isTraced: true, ("DOTNET_EnableDiagnostics", "0"));
        Assert.AreEqual((0, "All references can be loaded."), (code, output), error);
    }

    [TestMethod]
    public async Task A_lock_that_the_agent_would_wait_for_is_not_waited_for()
    {
        await using var app = await TracedApp.Start(new ProcessStartInfo("dotnet", [Places.TestApp("Census"), "lock"]));
        await app.Told("tracing Census");
        Assert.AreEqual("1 soon", app.Output.Split('\n')[0]);
        Assert.AreEqual("1 soon", await app.Client.GetStringAsync(new Uri("/command", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        Assert.AreEqual("Agent 0.1.0: the app goes on without waiting for the agent, whose start has come to a stop (it may wait for a lock of the app); what happens until it is ready is not traced.",
            ended.Error.Split('\n')[0], ended.Error);
        Assert.AreEqual("GET /command, endpoint /command, SELECT", string.Join(" | ", traces.Select(trace => string.Join(", ", trace.Nodes.Select(node => node.Span.Name)))));
    }

    static async Task<EndedApp> Run(string mode, bool isTraced, params (string Name, string? Value)[] environment)
    {
        await using var app = TestApp.Start("Census", [mode], [.. Environment(isTraced), .. environment]);
        return await app.End();
    }

    static (string Name, string? Value)[] Environment(bool isTraced) =>
        isTraced ? [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none")] : [];
}
