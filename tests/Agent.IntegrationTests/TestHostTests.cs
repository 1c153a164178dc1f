using System.Diagnostics;
using System.Text.RegularExpressions;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Test projects are left alone, whoever runs them. Several web apps in one process, as tests have them, are each traced.</summary>
[TestClass]
public sealed partial class TestHostTests
{
    [TestMethod]
    [TestCategory("OnNet10")] // where the SDK is
    public Task Dotnet_test() => IsLeftAlone(2, Places.Project("Checkup"), "test", "--no-build"); // global.json says Microsoft.Testing.Platform

    [TestMethod]
    public Task A_test_project_as_a_program() => IsLeftAlone(2, Places.Artifacts, Places.TestApp("Checkup"), "--progress", "off");

    [TestMethod]
    [TestCategory("OnNet10")]
    public Task VSTest() => IsLeftAlone(1, Path.GetTempPath(), "vstest", Places.TestApp("Checkup")); // in a process named testhost

    [TestMethod]
    public async Task Several_hosts_in_one_process()
    {
        const int rounds = 10;
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var without = await Landlord(rounds);
        var with = await Landlord(rounds, ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()));
        Assert.AreEqual(without.Output, with.Output);
        StringAssert.Contains(with.Output, $"{3 * rounds} hosts, 1 left"); // the last one is the test framework's
        Assert.AreEqual((0, $"Agent 0.1.0: tracing Landlord (Production), traces go to {collector.HttpEndpoint}v1/traces (http/protobuf).\n"), (with.ExitCode, with.Error));

        var kinds = Viewer.Trace.Group(collector.Spans).GroupBy(Shape).ToList();
        Assert.HasCount(3, kinds, string.Join("\n\n", kinds.Select(kind => kind.Key)));
        foreach (var kind in kinds)
            Assert.HasCount(rounds, kind, kind.Key);
        Snapshot.Matches(kinds.Select(kind => kind.First()).OrderBy(trace => trace.Roots[0].Span.Name, StringComparer.Ordinal));
    }

    /// <summary>Its output and exit code are the same, it says nothing of ours, and what it starts inherits the variable as it is.</summary>
    static async Task IsLeftAlone(int exitCode, string folder, params string[] command)
    {
        var without = await Run(hook: null);
        var with = await Run(Places.Hook);
        Assert.AreEqual(exitCode, without.ExitCode, without.Output);
        StringAssert.Contains(without.Output, "Three_and_three");
        Assert.DoesNotContain("Environment_is_as_it_was", with.Output);
        Assert.AreEqual(without, with);

        async Task<EndedApp> Run(string? hook)
        {
            var ended = await DotnetCommand.Run(folder, command, ("DOTNET_STARTUP_HOOKS", hook), ("CHECKUP_HOOKS", hook));
            return ended with { Output = Time().Replace(ended.Output, "TIME") };
        }
    }

    static async Task<EndedApp> Landlord(int rounds, params (string, string?)[] environment)
    {
        // Each host would watch its configuration files, of which a user may have no more than 128.
        await using var app = TestApp.Start("Landlord", [$"{rounds}"], [("DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE", "false"), ("Logging__LogLevel__Default", "None"), .. environment]);
        return await app.End();
    }

    static string Shape(Viewer.Trace trace)
    {
        return string.Join('\n', trace.Roots.Select(root => Shape(root, "")));

        static string Shape(TraceNode node, string indent) => indent + node.Span.Name + string.Concat(node.Children.Select(child => '\n' + Shape(child, indent + "  ")));
    }

    [GeneratedRegex(@"(\d+m )?(\d+(\.\d+)? ?s ?)?\d+(\.\d+)? ?ms|\d+(\.\d+)? (Seconds|s)\b")]
    private static partial Regex Time();
}
