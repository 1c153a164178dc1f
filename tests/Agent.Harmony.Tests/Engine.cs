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
        Harmony.Attach(NativeLibraryTests.OwnPath);
    }
}
