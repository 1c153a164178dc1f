using System.Reflection;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>Wolverine's agents, which ask a database again and again for messages, other nodes and what they are to do. Messages have spans of the library's own.</summary>
[HarmonyPatch("Wolverine.Runtime.WolverineRuntime, Wolverine", "StartAsync")]
static class WolverinePatch
{
    static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Wolverine", "Wolverine.Runtime.WolverineRuntime").Where(static method => method.Name is "StartAsync" or "StopAsync");

    static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

    static void Finalizer(bool __state) => Bookkeeping.Set(__state);

    /// <summary>Its loops begin without anything that flows.</summary>
    [HarmonyPatch("Wolverine.Util.DetachedTask, Wolverine", "Run")]
    internal static class LoopPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Wolverine", "Wolverine.Util.DetachedTask").Where(static method => method.Name.StartsWith("Run", StringComparison.Ordinal));

        static void Prefix(ref Func<Task> loop)
        {
            var own = loop;
            loop = () =>
            {
                Bookkeeping.Set(true); // for as long as the loop goes on
                return own();
            };
        }
    }
}
