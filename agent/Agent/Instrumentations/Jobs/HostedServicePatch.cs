using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// Finds the hosted services of a host when it is about to start them, and what their ExecuteAsync comes to. How: decision 32.
/// </summary>
[HarmonyPatch("Microsoft.Extensions.Hosting.Internal.Host, Microsoft.Extensions.Hosting", "ForeachService")]
static class HostedServicePatch
{
    static void Prefix(object services)
    {
        if (services is IEnumerable<object> all)
            HostedServices.Install(all);
    }

    /// <summary>What the host calls with each background service that it has started.</summary>
    [HarmonyPrefix, HarmonyPatch("TryExecuteBackgroundServiceAsync")]
    static void Execute(object backgroundService, object ____applicationLifetime) => BackgroundExecution.Watch(backgroundService, ____applicationLifetime);
}
