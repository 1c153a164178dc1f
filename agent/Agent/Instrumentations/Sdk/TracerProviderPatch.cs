using System.Reflection;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Sdk;

/// <summary>
/// Notices that the app builds a tracer provider of its own, with whatever version of OpenTelemetry it has. That is the only sure sign: a
/// reference to the package may be there for metrics, or through somebody else's package.
/// </summary>
[HarmonyPatch("OpenTelemetry.Trace.TracerProviderSdk, OpenTelemetry", ".ctor", MethodType.Constructor)]
static class TracerProviderPatch
{
    static void Prefix(IServiceProvider serviceProvider, MethodBase __originalMethod) => AppSdk.Begin(serviceProvider, __originalMethod.DeclaringType!.Assembly);

    static void Postfix(object __instance) => AppSdk.Built(__instance);
}
