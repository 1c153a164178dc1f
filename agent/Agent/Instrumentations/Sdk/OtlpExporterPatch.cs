using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Sdk;

/// <summary>Notices that the app's OpenTelemetry cannot send what it has taken over from the agent.</summary>
[HarmonyPatch("OpenTelemetry.Exporter.OtlpTraceExporter, OpenTelemetry.Exporter.OpenTelemetryProtocol", "Export")]
static class OtlpExporterPatch
{
    static void Postfix(object __instance, object __result) => AppSdk.Exported(__instance, __result);
}
