using System.Diagnostics;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>The program as a .NET tool: what `./build.sh pack` makes of the published agent.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class PackageTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-package").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_tool_has_all_it_needs()
    {
        var project = Path.Combine(Path.GetDirectoryName(Places.Artifacts)!, "agent", "Agent.CommandLine", "Agent.CommandLine.csproj");
        foreach (var command in (string[][])
        [
            ["pack", project, "-c", "Release", "-nologo", "-v", "quiet", $"-p:PackedAgent={Places.Agent}", $"-p:ArtifactsPath={Path.Combine(Places.Artifacts, "published", "artifacts", "tool")}", "-o", _folder],
            ["tool", "install", "Agent.CommandLine", "--tool-path", Path.Combine(_folder, "tools"), "--source", _folder],
        ])
        {
            await using var dotnet = TestApp.Start(new ProcessStartInfo("dotnet", command) { WorkingDirectory = _folder },
                ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("NUGET_PACKAGES", command[0] == "pack" ? null : Path.Combine(_folder, "cache")));
            var ended = await dotnet.End();
            Assert.AreEqual(0, ended.ExitCode, ended.Output + ended.Error);
        }
        var tool = Path.Combine(_folder, "tools", "agent");
        await using var courier = TestApp.Start(new ProcessStartInfo(tool, ["run", "--view", "--", "dotnet", Places.TestApp("Courier"), "end", "exit"]));
        var run = await courier.End();
        Assert.AreEqual((9, "ending"), (run.ExitCode, run.Output), run.Error);
        Assert.MatchesRegex(@"^Traces: http://localhost:\d+\n\nAgent 0\.1\.0: tracing Courier \(Production\), traces go to http://127\.0\.0\.1:\d+/v1/traces \(http/protobuf\)\.\n● Courier ", run.Error);
        await using var check = TestApp.Start(new ProcessStartInfo(tool, ["check", Places.TestApp("Kiosk")]), ("OTEL_TRACES_EXPORTER", "console"));
        StringAssert.Contains((await check.End()).Output, $"DOTNET_STARTUP_HOOKS={_folder}/tools/.store/agent.commandline/");
    }
}
