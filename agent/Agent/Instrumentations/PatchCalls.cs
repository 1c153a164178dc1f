using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations;

/// <summary>Puts a call's Begin, End and EndAsync around methods that are found while the app runs.</summary>
static class PatchCalls
{
    /// <summary>All at once: each request to the runtime stops all threads for a moment.</summary>
    /// <param name="harmony">Owns the patches.</param>
    /// <param name="methods">Either all of them return a task, or none does.</param>
    /// <param name="call">The class with Begin, End and EndAsync.</param>
    /// <param name="what">For the line about one that cannot be patched.</param>
    public static void Install(Harmony harmony, IReadOnlyList<MethodBase> methods, Type call, string what)
    {
        if (methods.Count == 0)
            return;
        var end = methods[0] is MethodInfo { ReturnType: var returned } && typeof(Task).IsAssignableFrom(returned) ? "EndAsync" : "End";
        foreach (var (method, reason) in harmony.PatchMany(methods, new HarmonyMethod(call, "Begin"), finalizer: new HarmonyMethod(call, end)))
            Log.Warn($"{what} gets no span: {reason} ({method.Name})");
    }
}
