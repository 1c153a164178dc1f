using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

[assembly: UnsupportedOSPlatform("windows")] // signals, file modes; what is tried there is in WindowsTests

namespace Agent.IntegrationTests;

/// <summary>Where things are: the product as published, the test apps as built, the snapshots in the source.</summary>
static class Places
{
    public static string Artifacts { get; } = Metadata("ArtifactsFolder");

    /// <summary>The repository.</summary>
    public static string Root { get; } = Path.GetDirectoryName(Artifacts)!;

    public static string Snapshots { get; } = Metadata("SnapshotFolder");

    public static string Agent { get; } = Path.Combine(Artifacts, "agent");

    public static string Hook { get; } = Path.Combine(Agent, "Agent.StartupHook.dll");

    /// <summary>What the agent's folders are called for the system that the test apps run on.</summary>
    public static string System { get; } = OtherSystem.Name?.Replace("-musl-", "-", StringComparison.Ordinal) ?? $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The patch engine's native part for that system, from the agent's folder.</summary>
    public static string NativePart { get; } = $"native/{System}/{(OtherSystem.IsWindows ? "agent_rejit.dll" : "libagent_rejit.so")}";

    /// <summary>A test app as built: where AGENT_TEST_APPS says, if it is there (`./build.sh test` has some of them compiled as runtime-async), else as usual.</summary>
    public static string TestApp(string name)
    {
        var usual = BuiltIn(Artifacts);
        return Environment.GetEnvironmentVariable("AGENT_TEST_APPS") is { Length: > 0 } other && BuiltIn(other) is var there && File.Exists(there) ? there : usual;

        string BuiltIn(string artifacts) => Path.Combine(artifacts, "bin", name, "debug", name + ".dll");
    }

    /// <summary>The folder of a test app's project.</summary>
    public static string Project(string name) => Path.Combine(Root, "testapps", name);

    static string Metadata(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
