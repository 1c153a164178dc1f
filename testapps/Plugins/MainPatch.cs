using System.Diagnostics;
using HarmonyLib;

namespace Plugins;

/// <summary>A span around the whole of the Courier: only what is there before Main can see it.</summary>
[HarmonyPatch("Program, Courier", "<Main>$")]
static class MainPatch
{
    public static ActivitySource Source { get; } = new("Plugins.Main");

    static void Prefix(out Activity? __state) => __state = Source.StartActivity("main");

    static void Postfix(Task<int> __result, Activity? __state) => __result.ContinueWith(
        static (_, span) => ((Activity?)span)?.Dispose(), __state, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

/// <summary>A patch that cannot be installed, for those who ask for it.</summary>
[HarmonyPatch("Program, Courier", "Missing")]
static class MissingPatch
{
    static bool Prepare() => Environment.GetEnvironmentVariable("PLUGINS_MISSING_PATCH") is not null;

    static void Prefix()
    {
    }
}
