using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>
/// Test apps as programs of another system, which this one runs: Windows under Wine, arm64 under QEMU. AGENT_TEST_SYSTEM names it, AGENT_TEST_RUNNER the program that runs
/// its programs, with its arguments; the apps are in artifacts/test-SYSTEM, published with a .NET of their own (`./build.sh test-windows`, `test-arm64`).
/// </summary>
static class OtherSystem
{
    /// <summary>Its name as a runtime identifier; null if the apps run as what this system is.</summary>
    public static string? Name { get; } = Environment.GetEnvironmentVariable("AGENT_TEST_SYSTEM") is { Length: > 0 } name ? name : null;

    public static bool IsWindows { get; } = Name?.StartsWith("win-", StringComparison.Ordinal) == true;

    /// <summary>Makes of `dotnet …/Storefront.dll …` what runs the same app there; everything else stays.</summary>
    public static void Translate(ProcessStartInfo start)
    {
        if (Name is null || start.FileName != "dotnet" || start.ArgumentList is not [var program, ..] || !program.StartsWith(Places.Artifacts, StringComparison.Ordinal))
            return;
        var app = Path.GetFileNameWithoutExtension(program);
        string[] runner = Environment.GetEnvironmentVariable("AGENT_TEST_RUNNER")!.Split(' ');
        start.ArgumentList[0] = Path.Combine(Places.Artifacts, $"test-{Name}", app, IsWindows ? $"{app}.exe" : app);
        start.FileName = runner[0];
        for (var i = 1; i < runner.Length; i++)
            start.ArgumentList.Insert(i - 1, runner[i]);
        foreach (var name in start.Environment.Keys.ToList())
        {
            if (start.Environment[name] is { } value && value.StartsWith('/') && IsOfApp(name))
                start.Environment[name] = PathOf(value);
        }
    }

    /// <summary>The program `agent` of that system; null where this system's does as well.</summary>
    public static ProcessStartInfo? Tool(string[] words) => !IsWindows ? null : new ProcessStartInfo(Environment.GetEnvironmentVariable("AGENT_TEST_RUNNER")!, [Path.Combine(Places.Agent, "bin", Name!, "agent.exe"), .. words])
    {
        Environment = { ["DOTNET_ROOT_X64"] = PathOf(Path.Combine(Places.Artifacts, $"test-{Name}", "dotnet")) },
    };

    static bool IsOfApp(string name) => name.StartsWith("AGENT_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name == "DOTNET_STARTUP_HOOKS";

    /// <summary>A path as the app has it. Wine shows the whole file system as drive Z.</summary>
    public static string PathOf(string path) => IsWindows ? "Z:" + path.Replace('/', '\\') : path;

    /// <summary>Ends a test that is about a signal which Windows does not have.</summary>
    public static void Needs(string signal)
    {
        if (IsWindows && signal is "TERM" or "KILL")
            Assert.Inconclusive($"Windows has no SIG{signal}.");
    }

    /// <summary>The signal that asks an app to end. Wine makes Ctrl+C of SIGINT, and of SIGTERM nothing that an app would see.</summary>
    public static string EndSignal => IsWindows ? "INT" : "TERM";
}
