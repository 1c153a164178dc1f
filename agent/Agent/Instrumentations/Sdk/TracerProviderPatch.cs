using System.Reflection;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Sdk;

/// <summary>
/// Notices that the app builds a tracer provider of its own, with whatever version of OpenTelemetry it has. That is the only sure sign: a
/// reference to the package may be there for metrics, or through somebody else's package.
/// </summary>
[HarmonyPatch("OpenTelemetry.Trace.TracerProviderSdk, OpenTelemetry", "AddProcessor")]
static class TracerProviderPatch
{
    [HarmonyPrefix, HarmonyPatch(".ctor", MethodType.Constructor)]
    static void Begin(IServiceProvider serviceProvider, MethodBase __originalMethod) => AppSdk.Begin(serviceProvider, __originalMethod.DeclaringType!.Assembly);

    [HarmonyPostfix, HarmonyPatch(".ctor", MethodType.Constructor)]
    static void Built(object __instance) => AppSdk.Built(__instance);

    /// <summary>Also after it was built: Azure Monitor does so when the host starts.</summary>
    static void Postfix(object __instance) => AppSdk.Added(__instance);
}
