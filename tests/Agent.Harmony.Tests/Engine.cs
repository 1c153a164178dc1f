using System.Reflection;
using System.Runtime.InteropServices;

[assembly: DoNotParallelize] // patches belong to the process

namespace HarmonyLib.Tests;

/// <summary>Attaches once for the whole test process, with the library that is published, and collects what the engine reports.</summary>
[TestClass]
public static class Engine
{
    public static List<string> Reports { get; } = [];

    /// <summary>Where the native libraries are that are published. Compiled in on Linux; under Wine the drive is added.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(
        typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "AgentFolder").Value!, "native"));

    /// <summary>This machine's own library: musl takes what Linux has.</summary>
    public static string Library { get; } = Path.Combine(Folder, RuntimeInformation.RuntimeIdentifier.Replace("-musl-", "-", StringComparison.Ordinal), OperatingSystem.IsWindows() ? "agent_rejit.dll" : "libagent_rejit.so");

    /// <summary>Collects what nobody refers to; under Wine nothing: it ends every .NET process that collects dynamic methods.</summary>
    public static void Collect()
    {
        if (Environment.GetEnvironmentVariable("WINEPREFIX") is null)
            GC.Collect();
    }

    [AssemblyInitialize]
    public static void Attach(TestContext context)
    {
        Harmony.Report = report =>
        {
            lock (Reports)
                Reports.Add(report);
        };
        Harmony.Attach(Library);
    }
}
