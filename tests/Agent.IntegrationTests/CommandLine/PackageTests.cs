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
        await DotnetCommand.Succeed(_folder,
            ["pack", project, "-c", "Release", "-nologo", "-v", "quiet", $"-p:PackedAgent={Places.Agent}", $"-p:ArtifactsPath={Path.Combine(Places.Artifacts, "published", "artifacts", "tool")}", "-o", _folder]);
        await DotnetCommand.Succeed(_folder, ["tool", "install", "Agent.CommandLine", "--tool-path", Path.Combine(_folder, "tools"), "--source", _folder], ("NUGET_PACKAGES", Path.Combine(_folder, "cache")));
        var tool = Path.Combine(_folder, "tools", "agent");
        await using var courier = TestApp.Start(new ProcessStartInfo(tool, ["run", "--view", "--", "dotnet", Places.TestApp("Courier"), "end", "exit"]));
        var run = await courier.End();
        Assert.AreEqual((9, "ending"), (run.ExitCode, run.Output), run.Error);
        Assert.MatchesRegex(@"^Traces: http://localhost:\d+\n\nAgent 0\.1\.0: tracing Courier \(Production\), traces go to http://127\.0\.0\.1:\d+/v1/traces \(http/protobuf\)\.\n● Courier ", run.Error);
        await using var check = TestApp.Start(new ProcessStartInfo(tool, ["check", Places.TestApp("Kiosk")]), ("OTEL_TRACES_EXPORTER", "console"));
        StringAssert.Contains((await check.End()).Output, $"DOTNET_STARTUP_HOOKS={_folder}/tools/.store/agent.commandline/");
    }
}
