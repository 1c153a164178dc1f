using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>
/// A client of Azure Cosmos DB makes spans of its operations only if an option of its own says so, too, which does not unless the app sets it. And the first one asks an
/// address that there is in Azure only where it runs, inside of whatever has made it.
/// </summary>
[HarmonyPatch("Microsoft.Azure.Cosmos.CosmosClientTelemetryOptions, Microsoft.Azure.Cosmos.Client", ".ctor", MethodType.Constructor)]
static class CosmosPatch
{
    const string Options = "Microsoft.Azure.Cosmos.CosmosClientTelemetryOptions, Microsoft.Azure.Cosmos.Client";

    static void Postfix(object __instance)
    {
        if (AzureSpans.AreWanted)
            Disable(__instance, false);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_DisableDistributedTracing")]
    static extern void Disable([UnsafeAccessorType(Options)] object options, bool value);

    /// <summary>What it asks about the machine.</summary>
    [HarmonyPatch("Microsoft.Azure.Cosmos.Telemetry.VmMetadataApiHandler, Microsoft.Azure.Cosmos.Client", "MetadataApiCallAsync")]
    internal static class MetadataPatch
    {
        static void Prefix(out Activity? __state) => __state = Unrecorded.Enter();

        static void Finalizer(Activity? __state) => Activity.Current = __state;
    }
}
