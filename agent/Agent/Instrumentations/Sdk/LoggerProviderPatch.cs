using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Sdk;

/// <summary>Notices where the app's OpenTelemetry sends its log.</summary>
[HarmonyPatch("OpenTelemetry.Logs.LoggerProviderSdk, OpenTelemetry", "AddProcessor")]
static class LoggerProviderPatch
{
    static void Postfix(object __instance) => AppSdk.AddedToLog(__instance);
}
