using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>One span per run of a Hangfire job, filters included; a run that fails is tried again by Hangfire, and has another span then.</summary>
[HarmonyPatch("Hangfire.Server.BackgroundJobPerformer, Hangfire.Core", "Perform")]
static class HangfireJobPatch
{
    static void Prefix(object context, out HangfireJobSpan? __state) => __state = HangfireJobSpan.Begin(context);

    static void Finalizer(Exception? __exception, HangfireJobSpan? __state) => __state?.End(__exception?.GetType().Name == "JobPerformanceException" ? __exception.InnerException ?? __exception : __exception);
}
