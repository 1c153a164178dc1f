using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

#if ENTRY
namespace Agent.Entry;
#endif

/// <summary>
/// What those of the agent's folders are called that hold what is made for one system and processor. The hook asks before anything else of the agent is
/// loaded, so this file is compiled into it, too.
/// </summary>
internal static class SystemFolder
{
    /// <summary>That of this process, such as linux-x64.</summary>
    public static string Name => Of(AppContext.GetData("RUNTIME_IDENTIFIER") as string) ?? Probe();

    /// <summary>
    /// The folder for what the runtime calls its own system. It may say more than matters here: a distribution and its version (ubuntu.24.04-x64), or the C library
    /// (linux-musl-x64), which makes no difference for compiled managed code nor for our native part, which has no dependency.
    /// </summary>
    /// <param name="runtimeIdentifier">What the host says; null if it says nothing.</param>
    /// <returns>Null if it cannot be told.</returns>
    public static string? Of(string? runtimeIdentifier)
    {
        if (runtimeIdentifier is null)
            return null;
        var processor = runtimeIdentifier.LastIndexOf('-') + 1;
        if (processor == 0)
            return null;
        var system = runtimeIdentifier.StartsWith("win", StringComparison.Ordinal) ? "win-" : runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal) ? "osx-" : "linux-";
        return system + runtimeIdentifier.Remove(0, processor);
    }

    /// <summary>For hosts that do not say. A method of its own, because it needs one more assembly of the framework.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static string Probe() => (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win-" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
