using System.Reflection;

namespace HarmonyLib.Rejit;

/// <summary>
/// Apps and frameworks whose assemblies are compiled ahead of time into one file (composite ReadyToRun): there, methods of one assembly are
/// inlined into another. The runtime finds the callers that have a patched method inlined, but only in assemblies that are loaded by then;
/// so whenever another one is, it is asked again.
/// </summary>
static class CompositeCode
{
    public static void Start()
    {
        if (IsInSingleFile || IsIn(AppContext.BaseDirectory) || Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } framework && IsIn(framework))
            LoadedAssemblies.ForEach(static _ => PatchTable.Renew());
    }

    /// <summary>
    /// Whether the app is a single file with the framework and compiled code in it. The SDK makes it composite then, unless it is told not to;
    /// the runtime does not tell. Of such a file nothing has a location, and the app's own assembly is not only IL.
    /// </summary>
    static bool IsInSingleFile
    {
        get
        {
            if (typeof(object).Assembly.Location.Length > 0 || Assembly.GetEntryAssembly() is not { } app)
                return false;
            app.ManifestModule.GetPEKind(out var kind, out _);
            return (kind & PortableExecutableKinds.ILOnly) == 0;
        }
    }

    static bool IsIn(string folder)
    {
        try
        {
            foreach (var _ in Directory.EnumerateFiles(folder, "*.r2r.dll"))
                return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a folder that cannot be listed: as if there were none
        }
        return false;
    }
}
