using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations;

/// <summary>Puts a call's Begin and one of its ends around methods that are found while the app runs.</summary>
static class PatchCalls
{
    /// <summary>
    /// All at once: each request to the runtime stops all threads for a moment. One that has the patches already, perhaps as another type has it that
    /// derives from the same class, does not get them again. Not to be called for one owner on two threads at a time.
    /// </summary>
    /// <param name="harmony">Owns the patches.</param>
    /// <param name="methods">What is called.</param>
    /// <param name="call">
    /// The class with Begin, and with EndAsync for those that return a Task, EndResult for those that return a ValueTask but whose code gives the result
    /// (runtime-async), and End for the others.
    /// </param>
    /// <param name="what">For the line about one that cannot be patched.</param>
    public static void Install(Harmony harmony, IEnumerable<MethodInfo> methods, Type call, string what)
    {
        var byEnd = new Dictionary<string, List<MethodBase>>();
        var patched = harmony.GetPatchedMethods().ToHashSet();
        foreach (var method in methods)
        {
            var declared = AsDeclared(method);
            if (declared.DeclaringType!.Assembly.IsCollectible)
            {
                SayCollectible(declared, what);
                continue;
            }
            if (!patched.Add(declared))
                continue;
            var end = typeof(Task).IsAssignableFrom(method.ReturnType) ? "EndAsync" : AccessTools.IsRuntimeAsync(declared) ? "EndResult" : "End";
            if (!byEnd.TryGetValue(end, out var ofEnd))
                byEnd[end] = ofEnd = [];
            ofEnd.Add(declared);
        }
        foreach (var (end, ofEnd) in byEnd)
        {
            foreach (var (method, reason) in harmony.PatchMany(ofEnd, new HarmonyMethod(call, "Begin"), finalizer: new HarmonyMethod(call, end)))
                Log.Warn($"{what} gets no span: {reason} ({method.Name})");
        }
    }

    static int s_isCollectibleSaid;

    /// <summary>A patch would keep a plugin of the app's from being unloaded. Once: an app may load thousands.</summary>
    static void SayCollectible(MethodBase method, string what)
    {
        if (Interlocked.Exchange(ref s_isCollectibleSaid, 1) == 0)
            Log.Info($"{what} gets no span, because its code can be unloaded ({method.DeclaringType}); nor does any other code that can.");
    }

    /// <summary>As the class has it that declares it, and a generic class for all of its instances: one target for all descendants.</summary>
    static MethodBase AsDeclared(MethodInfo method) => method.DeclaringType!.IsConstructedGenericType
        ? method.Module.ResolveMethod(method.MetadataToken)!
        : MethodBase.GetMethodFromHandle(method.MethodHandle, method.DeclaringType.TypeHandle)!;
}
