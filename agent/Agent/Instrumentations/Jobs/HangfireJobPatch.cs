using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>One span per run of a Hangfire job, filters included; a run that fails is tried again by Hangfire, and has another span then.</summary>
[HarmonyPatch("Hangfire.Server.BackgroundJobPerformer, Hangfire.Core", "Perform")]
static class HangfireJobPatch
{
    static void Prefix(object context, out HangfireJobSpan? __state) => __state = HangfireJobSpan.Begin(context);

    static void Finalizer(Exception? __exception, HangfireJobSpan? __state) => __state?.End(__exception?.GetType().Name == "JobPerformanceException" ? __exception.InnerException ?? __exception : __exception);

    /// <summary>The loops of its servers: workers, heartbeats, and what a storage wants to have done. Those of the app's are the app's.</summary>
    [HarmonyPatch("Hangfire.Server.BackgroundProcessDispatcherBuilder, Hangfire.Core", "ExecuteProcess")]
    internal static class ServerPatch
    {
        static IEnumerable<MethodBase> TargetMethods() =>
        [
            .. LibraryMethods.Named("Hangfire.Core", "Hangfire.Server.BackgroundProcessDispatcherBuilder", "ExecuteProcess"),
            .. LibraryMethods.Named("Hangfire.Core", "Hangfire.Server.BackgroundProcessDispatcherBuilderAsync", "ExecuteProcess"),
            .. LibraryMethods.Named("Hangfire.Core", "Hangfire.Server.ServerProcessDispatcherBuilder", "ExecuteComponent"),
        ];

        // Of all of them the first in the state is the process itself.
        static void Prefix(object? state, out bool __state) => __state = Bookkeeping.Set(state is ITuple tuple && IsHangfires(tuple[0]));

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);

        /// <summary>Its own, or a package's for it.</summary>
        public static bool IsHangfires(object? part) => part?.GetType().Assembly.GetName().Name?.StartsWith("Hangfire", StringComparison.Ordinal) == true;
    }

    /// <summary>A server that comes and goes.</summary>
    [HarmonyPatch("Hangfire.Server.BackgroundServerProcess, Hangfire.Core", "CreateServer")]
    internal static class AnnouncementPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Hangfire.Core", "Hangfire.Server.BackgroundServerProcess", BindingFlags.NonPublic)
            .Where(static method => method.Name is "CreateServer" or "ServerDelete");

        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>Filters of the app's, which hear when a worker changes a job's state.</summary>
    [HarmonyPatch("Hangfire.States.StateMachine, Hangfire.Core", "InvokeOnStateApplied")]
    internal static class FilterPatch
    {
        static readonly ConditionalWeakTable<Type, PropertyInfo> Filters = [];

        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Hangfire.Core", "Hangfire.States.StateMachine", BindingFlags.NonPublic)
            .Where(static method => method.Name.StartsWith("InvokeOnState", StringComparison.Ordinal));

        static void Prefix(object x, out bool __state)
        {
            __state = Bookkeeping.Set(false);
            if (__state && ServerPatch.IsHangfires(Filters.GetValue(x.GetType(), static type => type.GetProperty("Key")!).GetValue(x)))
                Bookkeeping.Set(true);
        }

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }
}
