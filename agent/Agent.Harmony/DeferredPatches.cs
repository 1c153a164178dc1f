using System.Reflection;
using System.Runtime.Loader;

namespace HarmonyLib;

/// <summary>
/// Patch classes that wait for the assembly of their target. The runtime raises AssemblyLoad before any code of the assembly runs,
/// so a patch is there before the first call. An assembly that is loaded twice (in two load contexts) is patched twice; one that can be unloaded is not
/// patched, and not kept from being unloaded.
/// </summary>
sealed class DeferredPatches(Harmony harmony, IReadOnlyDictionary<string, Type[]> byAssembly, Func<Action, bool> mayPatch, Action<Assembly, string> report)
{
    readonly HashSet<Assembly> _done = [];

    public void Start() => LoadedAssemblies.ForEach(Install);

    /// <summary>Runs inside the app's own assembly load: whatever happens here must not become the app's failure.</summary>
    void Install(Assembly assembly)
    {
        try
        {
            if (assembly.IsDynamic || assembly.IsCollectible || !byAssembly.TryGetValue(SimpleName(assembly), out var patchClasses) || IsOwn(assembly))
                return;
            lock (_done)
            {
                if (!_done.Add(assembly))
                    return;
            }
            // First what needs no engine: it may still be attaching on another thread.
            var collected = PatchClassProcessor.Collect([.. patchClasses.Select(harmony.CreateClassProcessor)], target =>
                target.declaringType ?? (target.typeName is { Length: > 0 } name ? assembly.GetType(TypeIn(name), throwOnError: false) : null));
            Install(assembly, collected);
        }
        catch (Exception e)
        {
            SayOff(assembly, e);
        }
    }

    void Install(Assembly assembly, List<CollectedClass> collected)
    {
        try
        {
            if (!mayPatch(() => Install(assembly, collected)))
                return;
            foreach (var problem in PatchClassProcessor.Install(collected))
                Harmony.Say(sentence => report(assembly, sentence), problem.Message);
        }
        catch (Exception e)
        {
            SayOff(assembly, e);
        }
    }

    static void SayOff(Assembly assembly, Exception e) => Harmony.Say($"patches for {assembly.FullName} stay off: {e}");

    /// <summary>Of the load context that this library has for itself and its owner, who may use the libraries that apps have, too.</summary>
    static bool IsOwn(Assembly assembly) => AssemblyLoadContext.GetLoadContext(typeof(DeferredPatches).Assembly) is { } own
        && own != AssemblyLoadContext.Default && AssemblyLoadContext.GetLoadContext(assembly) == own;

    /// <summary>Without the AssemblyName object that GetName() would build for each of the app's assemblies.</summary>
    static string SimpleName(Assembly assembly) => assembly.FullName is { } name ? name[..name.IndexOf(',', StringComparison.Ordinal)] : "";

    static string TypeIn(string typeName) => typeName.IndexOf(',', StringComparison.Ordinal) is var comma and > 0 ? typeName[..comma].Trim() : typeName;
}
