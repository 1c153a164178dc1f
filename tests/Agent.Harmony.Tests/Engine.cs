using System.Reflection;
using System.Runtime.InteropServices;

[assembly: DoNotParallelize] // patches belong to the process

namespace HarmonyLib.Tests;

/// <summary>Attaches once for the whole test process, with the library that is published, and collects what the engine reports.</summary>
[TestClass]
public static class Engine
{
    public static List<string> Reports { get; } = [];

    [AssemblyInitialize]
    public static void Attach(TestContext context)
    {
        Harmony.Report = report =>
        {
            lock (Reports)
                Reports.Add(report);
        };
        var folder = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "AgentFolder").Value!;
        Harmony.Attach(Path.Combine(folder, "native", RuntimeInformation.RuntimeIdentifier, "libagent_rejit.so"));
    }
}
