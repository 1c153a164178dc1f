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
    static IEnumerable<MethodBase> TargetMethods() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(static assembly => assembly.FullName?.StartsWith("Microsoft.Extensions.Caching.Abstractions,", StringComparison.Ordinal) == true) // GetName() would build an object for each
        .SelectMany(static assembly => assembly.GetType("Microsoft.Extensions.Caching.Memory.CacheExtensions")?.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly) ?? [])
        .Where(static method => method.Name is "GetOrCreate" or "GetOrCreateAsync")
        .GroupBy(static method => (method.DeclaringType, method.Name))
        .Select(static overloads => overloads.MaxBy(static method => method.GetParameters().Length)!);

    static void Prefix(Delegate? factory, out CacheMissSpan? __state) => __state = CacheMissSpan.Enter(factory);

    static void Finalizer(Exception? __exception, object? __result, CacheMissSpan? __state) => CacheMissSpan.Leave(__state)?.End(__exception, __result as Task);
}
