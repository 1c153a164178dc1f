using System.Runtime.Loader;

namespace Agent.CommandLine;

/// <summary>
/// The agent that belongs to this program: the published folder, in whose folder `cli`, or one below that for this system, this program lies; in a tool package it is a folder below
/// the program.
/// </summary>
static class AgentFolder
{
    const string HookFile = "Agent.StartupHook.dll";

    /// <summary>The folder with the hook.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));

    /// <summary>What DOTNET_STARTUP_HOOKS is to name.</summary>
    public static string Hook => System.IO.Path.Combine(Path, HookFile);

    static string Find(string own)
    {
        var above = System.IO.Path.GetDirectoryName(own)!;
        return new[] { System.IO.Path.Combine(own, "agent"), above, System.IO.Path.GetDirectoryName(above) ?? above }
            .FirstOrDefault(static folder => File.Exists(System.IO.Path.Combine(folder, HookFile))) ?? above;
    }

    /// <summary>
    /// The rules that decide in an app are those that this program tells about: it loads the same files. Of its own, those lie here that are not compiled for each system.
    /// </summary>
    public static void ResolveAssemblies() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
    {
        foreach (var folder in (string[])[$"net10.0/{SystemFolder.Name}", "net10.0", "net10.0/fallback", "cli"])
        {
            var path = System.IO.Path.Combine(Path, folder, name.Name + ".dll");
            if (File.Exists(path))
                return context.LoadFromAssemblyPath(path);
        }
        return null;
    };
}
