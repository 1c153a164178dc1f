using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// What asks a memory cache and makes what is missing: the two extension methods that the others with their names call, which have one parameter more.
/// Whether something is missing, <see cref="MemoryCacheEntryPatch"/> notices.
/// </summary>
[HarmonyPatch("Microsoft.Extensions.Caching.Memory.CacheExtensions, Microsoft.Extensions.Caching.Abstractions", "GetOrCreate")]
static class MemoryCachePatch
{
    /// <summary>Loops: LINQ over pairs and numbers would have to be compiled at every start.</summary>
    static List<MethodBase> TargetMethods()
    {
        var targets = new List<MethodBase>();
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            // GetName() would build an object for each.
            if (assembly.FullName?.StartsWith("Microsoft.Extensions.Caching.Abstractions,", StringComparison.Ordinal) != true ||
                assembly.GetType("Microsoft.Extensions.Caching.Memory.CacheExtensions") is not { } extensions)
                continue;
            foreach (var name in (string[])["GetOrCreate", "GetOrCreateAsync"])
            {
                MethodInfo? longest = null;
                foreach (var method in extensions.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
                {
                    if (method.Name == name && method.GetParameters().Length > (longest?.GetParameters().Length ?? 0))
                        longest = method;
                }
                if (longest is not null)
                    targets.Add(longest);
            }
        }
        return targets;
    }

    static void Prefix(Delegate? factory, out CacheMissSpan? __state) => __state = CacheMissSpan.Enter(factory);

    static void Finalizer(Exception? __exception, object? __result, CacheMissSpan? __state) => CacheMissSpan.Leave(__state)?.End(__exception, __result as Task);
}
