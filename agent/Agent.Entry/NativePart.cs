using System;
using System.IO;

namespace Agent.Entry;

/// <summary>The patch engine's native library, one for each system and processor.</summary>
internal static class NativePart
{
    /// <summary>Where it lies.</summary>
    /// <param name="folder">Where the hook lies.</param>
    /// <param name="system">The name of the folders for a system (<see cref="SystemFolder"/>).</param>
    public static string PathIn(string folder, string system) => Path.Combine(folder, "native", system, FileName(system));

    static string FileName(string system) =>
        system.StartsWith("win-", StringComparison.Ordinal) ? "agent_rejit.dll" : system.StartsWith("osx-", StringComparison.Ordinal) ? "libagent_rejit.dylib" : "libagent_rejit.so";

    /// <summary>Whether a file is one.</summary>
    public static bool Is(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name == "libagent_rejit" || name == "agent_rejit";
    }
}
