namespace Agent;

/// <summary>What the host has found of the app's assemblies, whether or not it is loaded yet.</summary>
static class AppAssemblies
{
    /// <summary>Whether the app has an assembly.</summary>
    /// <param name="name">Its simple name.</param>
    public static bool Have(string name) =>
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string list && list.Contains($"{Path.DirectorySeparatorChar}{name}.dll", StringComparison.Ordinal);

    /// <summary>The same, and true where it is not known: nothing tells what is in a single file.</summary>
    public static bool MayHave(string name) => Have(name) || AppContext.GetData("BUNDLE_PROBE") is not null;
}
