using System.Reflection;

namespace HarmonyLib;

/// <summary>
/// Patch classes that wait for the assembly of their target. The runtime raises AssemblyLoad before any code of the assembly runs,
/// so a patch is there before the first call. An assembly that is loaded twice (in two load contexts) is patched twice.
/// </summary>
sealed class DeferredPatches
{
    readonly Harmony _harmony;
    readonly Dictionary<string, List<(Type Class, HarmonyMethod Target)>> _byAssembly = new(StringComparer.OrdinalIgnoreCase);
    readonly HashSet<Assembly> _done = [];

    public DeferredPatches(Harmony harmony, IEnumerable<(Type Class, HarmonyMethod Target)> patchClasses)
    {
        _harmony = harmony;
        foreach (var (patchClass, target) in patchClasses)
        {
            var assembly = target.declaringType is { } type ? SimpleName(type.Assembly) : AssemblyIn(target.typeName ?? "");
            if (!_byAssembly.TryGetValue(assembly, out var list))
                _byAssembly[assembly] = list = [];
            list.Add((patchClass, target));
        }
    }

    public void Start()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Install(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            Install(assembly);
    }

    /// <summary>Runs inside the app's own assembly load: whatever happens here must not become the app's failure.</summary>
    void Install(Assembly assembly)
    {
        try
        {
            if (assembly.IsDynamic || !_byAssembly.TryGetValue(SimpleName(assembly), out var patchClasses))
                return;
            lock (_done)
            {
                if (!_done.Add(assembly))
                    return;
            }
            _harmony.Install(patchClasses, target => assembly.GetType(TypeIn(target.typeName ?? target.declaringType!.FullName!), throwOnError: false));
        }
        catch (Exception e)
        {
            Harmony.Report($"patches for {assembly.FullName} stay off: {e}");
        }
    }

    /// <summary>Without the AssemblyName object that GetName() would build for each of the app's assemblies.</summary>
    static string SimpleName(Assembly assembly) => assembly.FullName is { } name ? name[..name.IndexOf(',', StringComparison.Ordinal)] : "";

    static string AssemblyIn(string typeName) => typeName.IndexOf(',', StringComparison.Ordinal) is var comma and > 0 ? typeName[(comma + 1)..].Trim() : "";

    static string TypeIn(string typeName) => typeName.IndexOf(',', StringComparison.Ordinal) is var comma and > 0 ? typeName[..comma].Trim() : typeName;
}
