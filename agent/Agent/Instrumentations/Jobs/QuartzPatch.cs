using System.Reflection;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// What a scheduler of Quartz' says to a database again and again outside of the spans that its store has: that it is there, whether it is to interrupt a job, what has been missed. Jobs have spans of
/// the library's own. The scheduler's whole loop is no bookkeeping: it calls listeners of the app's.
/// </summary>
[HarmonyPatch("Quartz.Impl.AdoJobStore.ClusterManager, Quartz", "Manage")]
static class QuartzPatch
{
    static IEnumerable<MethodBase> TargetMethods() =>
    [
        .. LibraryMethods.Named("Quartz", "Quartz.Impl.AdoJobStore.ClusterManager", "Manage"),
        .. LibraryMethods.Named("Quartz", "Quartz.Impl.AdoJobStore.MisfireHandler", "Manage"),
        .. LibraryMethods.Named("Quartz", "Quartz.Impl.AdoJobStore.AdoExecutionHistoryStore", "SweepOnTimer"),
        .. LibraryMethods.Named("Quartz", "Quartz.Core.QuartzScheduler", "RunInterruptRequestPoll"),
    ];

    static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

    static void Finalizer(bool __state) => Bookkeeping.Set(__state);
}
