using System.Runtime.Loader;

namespace Agent.CommandLine;

/// <summary>The agent that belongs to this program: the published folder, in whose folder `cli` this program lies.</summary>
static class AgentFolder
{
    /// <summary>The folder with Agent.StartupHook.dll.</summary>
    public static string Path { get; } = System.IO.Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar))!;

    /// <summary>What DOTNET_STARTUP_HOOKS is to name.</summary>
    public static string Hook => System.IO.Path.Combine(Path, "Agent.StartupHook.dll");

    /// <summary>The rules that decide in an app are those that this program tells about: it loads the same files.</summary>
    public static void ResolveAssemblies() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
    {
        foreach (var folder in (string[])["", "net10.0", "net10.0/fallback"])
        {
            var path = System.IO.Path.Combine(Path, folder, name.Name + ".dll");
            if (File.Exists(path))
                return context.LoadFromAssemblyPath(path);
        }
        return null;
    };
}
