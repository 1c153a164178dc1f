using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Sdk;

/// <summary>The same where it sends to Zipkin.</summary>
[HarmonyPatch("OpenTelemetry.Exporter.ZipkinExporter, OpenTelemetry.Exporter.Zipkin", "Export")]
static class ZipkinExporterPatch
{
    static void Postfix(object __instance, object __result) => AppSdk.Exported(__instance, __result);
}
