using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>Tells when the app's host has started, or could not be.</summary>
[HarmonyPatch("Microsoft.Extensions.Hosting.Internal.Host, Microsoft.Extensions.Hosting", "StartAsync")]
static class StartupPatch
{
    static void Finalizer(Exception? __exception, Task? __result) => Startup.EndWith(__exception, __result);

    /// <summary>The host of the old WebHostBuilder.</summary>
    [HarmonyPatch("Microsoft.AspNetCore.Hosting.WebHost, Microsoft.AspNetCore.Hosting", "StartAsync")]
    internal static class WebHostPatch
    {
        static void Finalizer(Exception? __exception, Task? __result) => Startup.EndWith(__exception, __result);
    }
}
