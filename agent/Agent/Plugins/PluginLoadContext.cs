using System.Reflection;
using System.Runtime.Loader;
using Agent.Entry;
using HarmonyLib;

namespace Agent.Plugins;

/// <summary>
/// The world of plugins, between the agent's and the app's: OpenTelemetry and Harmony are the agent's own, so that a plugin configures our
/// provider and not the app's; other OpenTelemetry.* packages that lie beside a plugin are loaded here, to see ours too; everything else is
/// the app's, so that a plugin sees the app's own types, or, what the app has not got, from beside the plugin. A plugin that asks for HarmonyLib by its name, 0Harmony,
/// gets an assembly of that name which forwards to ours, even if HarmonyLib lies beside it: that would write over machine code.
/// </summary>
sealed class PluginLoadContext : AssemblyLoadContext
{
    static readonly AssemblyLoadContext Agent = GetLoadContext(typeof(PluginLoadContext).Assembly)!;
    static readonly string OwnFolder = Path.GetDirectoryName(typeof(PluginLoadContext).Assembly.Location)!;

    /// <summary>The folder of what is the same on every system; what is compiled for this one lies in a folder of it.</summary>
    static readonly string AgentFolder = Path.GetFileName(OwnFolder) == SystemFolder.Name ? Path.GetDirectoryName(OwnFolder)! : OwnFolder;

    readonly string[] _folders;

    /// <param name="folders">Where plugins lie.</param>
    public PluginLoadContext(string[] folders) : base("Agent plugins")
    {
        _folders = folders;
        LoadedAssemblies.Hide(this);
        Resolving += static (context, name) => ((PluginLoadContext)context).FromFolders(name) ?? FromAgent(name, Path.Combine(AgentFolder, "fallback"));
    }

    /// <summary>The plugin assembly of that name; null if it is in none of the folders.</summary>
    public Assembly? LoadPlugin(AssemblyName name) => FromFolders(name);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == "0Harmony" ? LoadFromAssemblyPath(Path.Combine(AgentFolder, "compat", "0Harmony.dll"))
        : FromAgent(assemblyName, OwnFolder) ?? FromAgent(assemblyName, AgentFolder) ?? (assemblyName.Name!.StartsWith("OpenTelemetry.", StringComparison.Ordinal) ? FromFolders(assemblyName) : null);

    static Assembly? FromAgent(AssemblyName name, string folder) =>
        File.Exists(Path.Combine(folder, name.Name + ".dll")) ? Agent.LoadFromAssemblyName(name) : null;

    Assembly? FromFolders(AssemblyName name)
    {
        foreach (var folder in _folders)
        {
            var path = Path.Combine(folder, name.Name + ".dll");
            if (File.Exists(path))
                return LoadFromAssemblyPath(path);
        }
        return null;
    }
}
