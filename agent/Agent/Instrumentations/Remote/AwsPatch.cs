using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>One span per call of an AWS service, retries included. Every call of every service's client goes through its pipeline.</summary>
[HarmonyPatch("Amazon.Runtime.Internal.RuntimePipeline, AWSSDK.Core", "InvokeSync")]
static class AwsPatch
{
    static void Prefix(object executionContext, out AwsSpan? __state) => __state = AwsSpan.Begin(executionContext);

    static void Finalizer(Exception? __exception, AwsSpan? __state) => __state?.End(__exception);

    [HarmonyPrefix, HarmonyPatch("InvokeAsync")]
    static void BeginAsync(object executionContext, out AwsSpan? __state) => __state = AwsSpan.Begin(executionContext);

    [HarmonyFinalizer, HarmonyPatch("InvokeAsync")]
    static void EndAsync(Exception? __exception, Task? __result, AwsSpan? __state) => __state?.End(__exception, __result);
}
