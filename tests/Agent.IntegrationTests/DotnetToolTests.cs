using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>
/// Under the variable the dotnet command and what it starts work as without it, and say nothing of ours. Only the app that they run is traced.
/// </summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed partial class DotnetToolTests
{
    /// <summary>MSBuild and the compiler run as processes of this build, which end with it; servers of earlier ones would say nothing.</summary>
    static string _folder = "";

    /// <summary>A project as a user has it, outside of this repository. It needs no package, so that it can be restored anywhere.</summary>
    [ClassInitialize]
    public static async Task MakeProject(TestContext _)
    {
        _folder = Path.Combine(Path.GetTempPath(), $"dotnet tools {Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Kiosk.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup Condition="'$(Hook)' != ''">
                <RuntimeHostConfigurationOption Include="STARTUP_HOOKS" Value="$(Hook)" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), "Microsoft.AspNetCore.Builder.WebApplication.Create(args).Run();");
        var ended = await Dotnet(_folder, "restore -v quiet", hook: null);
        Assert.AreEqual(0, ended.ExitCode, ended.Output + ended.Error);
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Build()
    {
        const string build = "build --no-restore --no-incremental -nologo -v minimal -tl:off";
        var without = await Dotnet(_folder, build, hook: null);
        var with = await Dotnet(_folder, build, Places.Hook);
        Assert.AreEqual((0, ""), (without.ExitCode, without.Error), without.Output);
        Assert.AreEqual(WithoutTimes(without), WithoutTimes(with));
    }

    [TestMethod]
    public async Task Run()
    {
        var ended = await Dotnet(Places.Project("Courier"), "run --no-build -- end exit", Places.Hook, ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((9, "ending", "Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n"), (ended.ExitCode, ended.Output, ended.Error));
    }

    /// <summary>Where startup hooks are switched off the agent is never asked; the command that starts the app says so, as soon as it does.</summary>
    [TestMethod]
    [DataRow("Kiosk.cs", "Kiosk.cs", "")]
    [DataRow("Kiosk.cs", "run Kiosk.cs", "#:property StartupHookSupport=true\n")]
    [DataRow("Program.cs", "run -p:StartupHookSupport=false", "")] // as PublishAot and PublishTrimmed have it
    public async Task Run_without_startup_hooks(string file, string command, string remedy)
    {
        var folder = Directory.CreateTempSubdirectory("no hooks ").FullName;
        const string program = "Microsoft.AspNetCore.Builder.WebApplication.Create(args).Run();";
        if (file == "Program.cs")
            File.Copy(Path.Combine(_folder, "Kiosk.csproj"), Path.Combine(folder, "Kiosk.csproj"));
        await File.WriteAllTextAsync(Path.Combine(folder, file), (file == "Program.cs" ? "" : "#:sdk Microsoft.NET.Sdk.Web\n" + remedy) + program);
        (string, string?)[] own = [("XDG_DATA_HOME", Directory.CreateDirectory(Path.Combine(folder, "data")).FullName), .. DotnetCommand.NoServers]; // where the SDK compiles files
        var built = await Dotnet(folder, file == "Program.cs" ? "build -v quiet" : $"build {file} -v quiet", hook: null, own);
        if (built.ExitCode != 0)
            Assert.Inconclusive($"it could not be restored: {built.Output}{built.Error}");
        var start = new ProcessStartInfo("dotnet", $"{command} -- --urls http://127.0.0.1:0") { WorkingDirectory = folder };
        await using var app = TestApp.Start(start, [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none"), .. own]);
        await app.Listening;
        await app.Told("Agent 0.1.0: ");
        var ended = await app.Kill();
        Directory.Delete(folder, recursive: true);
        Assert.AreEqual(remedy.Length > 0 ? "Agent 0.1.0: tracing Kiosk (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n"
            : "Agent 0.1.0: not tracing Kiosk: startup hooks are switched off in its runtimeconfig.json, as they are for file-based apps and with PublishAot or PublishTrimmed. "
                + "The property StartupHookSupport=true switches them on; in a file it is #:property StartupHookSupport=true.\n", ended.Error);
    }

    [TestMethod]
    public async Task Watch_with_hot_reload_replaces_the_variable()
    {
        var ended = await Watch("watch");
        Assert.DoesNotContain("Agent 0.1.0", ended.Output + ended.Error);
    }

    [TestMethod]
    public async Task Watch_with_hot_reload_and_the_hook_in_the_project_file() => IsSaidOnce(await Watch("watch", ("Hook", Places.Hook)));

    [TestMethod]
    public async Task Watch_without_hot_reload() => IsSaidOnce(await Watch("watch --no-hot-reload", ("DOTNET_WATCH_SUPPRESS_BROWSER_REFRESH", "1")));

    [TestMethod]
    public async Task Entity_framework()
    {
        var folder = Places.Project("Ledger");
        var restored = await Dotnet(folder, "tool restore", hook: null);
        if (restored.ExitCode != 0)
            Assert.Inconclusive($"dotnet-ef could not be restored: {restored.Output}{restored.Error}");
        const string script = "ef dbcontext script --no-build";
        var without = await Dotnet(folder, script, hook: null);
        var with = await Dotnet(folder, script, Places.Hook);
        StringAssert.StartsWith(without.Output, "CREATE TABLE \"Entries\" (");
        Assert.AreEqual((0, ""), (without.ExitCode, without.Error));
        Assert.AreEqual(without, with);
    }

    /// <summary>A .NET tool is a program of others, however it is installed; what it starts may be the app.</summary>
    [TestMethod]
    public async Task A_tool()
    {
        var folder = Directory.CreateTempSubdirectory("tool ").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Lantern.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <PackAsTool>true</PackAsTool>
              </PropertyGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(System.Environment.GetEnvironmentVariable(\"DOTNET_STARTUP_HOOKS\"));");
        (string, string?)[] own = [("NUGET_PACKAGES", Path.Combine(folder, "cache"))];
        foreach (var command in (string[])["pack -nologo -v quiet -o packages", "tool install Lantern --tool-path tools --source packages"])
        {
            var prepared = await Dotnet(folder, command, hook: null, own);
            Assert.AreEqual(0, prepared.ExitCode, prepared.Output + prepared.Error);
        }
        await using var installed = TestApp.Start(new ProcessStartInfo(Path.Combine(folder, "tools", "Lantern")), ("DOTNET_STARTUP_HOOKS", Places.Hook));
        Assert.AreEqual(new EndedApp(0, Places.Hook, ""), await installed.End());
        Assert.AreEqual(new EndedApp(0, Places.Hook, ""), await Dotnet(folder, "tool exec Lantern --source packages --yes", Places.Hook, own)); // what dnx does
        Directory.Delete(folder, recursive: true);
    }

    static void IsSaidOnce(EndedApp ended)
    {
        StringAssert.Contains(ended.Error, "Agent 0.1.0: tracing Kiosk (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n");
        Assert.HasCount(2, (ended.Output + ended.Error).Split("Agent 0.1.0"), ended.Output + ended.Error);
    }

    /// <summary>Until the app listens; it would go on for ever.</summary>
    static async Task<EndedApp> Watch(string command, params (string, string?)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", $"{command} --non-interactive -- --urls http://127.0.0.1:0") { WorkingDirectory = _folder };
        await using var watch = TestApp.Start(start,
            [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none"), ("DOTNET_USE_POLLING_FILE_WATCHER", "1"), .. DotnetCommand.NoServers, .. environment]);
        await watch.Listening;
        return await watch.Kill();
    }

    static Task<EndedApp> Dotnet(string folder, string command, string? hook, params (string, string?)[] environment) =>
        DotnetCommand.Run(folder, command.Split(' '), [("DOTNET_STARTUP_HOOKS", hook), .. environment]);

    static EndedApp WithoutTimes(EndedApp ended) => ended with { Output = Time().Replace(ended.Output, "TIME") };

    [GeneratedRegex(@"\d+:\d+:\d+\.\d+")]
    private static partial Regex Time();
}
