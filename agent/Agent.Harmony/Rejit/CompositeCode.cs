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
        if (IsIn(AppContext.BaseDirectory) || Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } framework && IsIn(framework))
            AppDomain.CurrentDomain.AssemblyLoad += static (_, _) => PatchTable.Renew();
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
