using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>What an app starts inherits the agent only if AGENT_CHILD_PROCESSES says so, and other startup hooks in any case.</summary>
[TestClass]
public sealed class ChildProcessTests
{
    static readonly string[] Print = ["send", "sh", "-c", "printenv DOTNET_STARTUP_HOOKS || echo none"];

    static string Courier => Places.TestApp("Courier");

    static string Doorman => Places.TestApp("Doorman");

    [TestMethod]
    public async Task Without_the_agent_unless_asked_for()
    {
        Assert.AreEqual((0, "none", Said), await Run(Print, [Places.Hook]));
        Assert.AreEqual((0, "none", Said + Twice), await Run(Print, [Places.Hook, Path.Combine(Places.Agent, ".", "Agent.StartupHook.dll")]));
        Assert.AreEqual((0, Places.Hook, Said), await Run(Print, [Places.Hook], ("AGENT_CHILD_PROCESSES", "inherit")));
    }

    [TestMethod]
    public async Task Their_environment_is_what_it_would_be()
    {
        string[] all = ["send", "sh", "-c", "env | sort"];
        var without = await Run(all, []);
        var with = await Run(all, [Places.Hook]);
        Assert.AreEqual(without.Output, with.Output);
    }

    [TestMethod]
    public async Task A_NET_program()
    {
        string[] child = ["send", "dotnet", Courier, "end", "exit"];
        Assert.AreEqual((9, "ending", Said), await Run(child, [Places.Hook]));
        Assert.AreEqual((9, "ending", Said + Said), await Run(child, [Places.Hook], ("AGENT_CHILD_PROCESSES", "inherit")));
    }

    [TestMethod]
    public async Task A_process_that_is_not_traced_hands_the_agent_on()
    {
        foreach (var (name, value, said) in ((string, string, string)[])[
            ("OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES", "Courier", ""),
            ("OTEL_SDK_DISABLED", "true", "Agent 0.1.0: not tracing this process: OTEL_SDK_DISABLED=true.\n")])
        {
            Assert.AreEqual((0, Places.Hook, said), await Run(Print, [Places.Hook], (name, value)));
        }
    }

    /// <summary>An AppHost starts the projects of a solution: it is not traced, they are. It is known by Aspire's library beside it.</summary>
    [TestMethod]
    public async Task An_AppHost_hands_the_agent_on()
    {
        var folder = Directory.CreateTempSubdirectory("apphost ");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Courier)!))
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        File.Delete(Path.Combine(folder.FullName, "Courier.deps.json")); // without it the host takes what is there
        File.Copy(Doorman, Path.Combine(folder.FullName, "Aspire.Hosting.dll"));
        await using var app = TestApp.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder.FullName, "Courier.dll"), "send", "dotnet", Courier, "end", "exit"]),
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none"));
        var ended = await app.End();
        Assert.AreEqual((9, "ending", Said), (ended.ExitCode, ended.Output, ended.Error));
        folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task Hooks_of_others_run_before_and_after_the_agent()
    {
        string[] hooks = [Doorman, Places.Hook, Doorman];
        var (exitCode, output, error) = await Run(Print, hooks);
        Assert.AreEqual((0, Said), (exitCode, error));
        Assert.AreEqual(
            $"""
            doorman: {Doorman}:{Places.Hook}:{Doorman}
            doorman: {Doorman}:{Doorman}
            {Doorman}:{Doorman}
            """, output);
    }

    const string Said = "Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n";
    const string Twice = "Agent 0.1.0: already started in this process; the hook is named twice, in DOTNET_STARTUP_HOOKS or there and in the app's runtimeconfig.json.\n";

    static async Task<(int ExitCode, string Output, string Error)> Run(string[] arguments, string[] hooks, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Courier", arguments,
            [("DOTNET_STARTUP_HOOKS", hooks.Length == 0 ? null : string.Join(Path.PathSeparator, hooks)), ("OTEL_TRACES_EXPORTER", "none"), .. environment]);
        var ended = await app.End();
        return (ended.ExitCode, ended.Output, ended.Error);
    }
}
