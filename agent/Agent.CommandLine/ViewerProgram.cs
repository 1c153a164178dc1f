using System.Globalization;
using System.Runtime.InteropServices;

namespace Agent.CommandLine;

/// <summary>The viewer, a program of its own in a folder beside this one.</summary>
static class ViewerProgram
{
    /// <param name="arguments">For it.</param>
    /// <returns>What to start, and with which arguments.</returns>
    public static (string File, List<string> Arguments) With(List<string> arguments)
    {
        string[] folders = [AppContext.BaseDirectory, Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!]; // a tool package's, the published folder's
        var viewer = folders.Select(static folder => Path.Combine(folder, "viewer", "Agent.Viewer.dll")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The viewer is not in {AgentFolder.Path}: it was published for one system, without it. The folder for all systems (./build.sh publish) has it.");
        var host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"); // that of this program
        return (File.Exists(host) ? Path.GetFullPath(host) : "dotnet", [viewer, .. arguments]);
    }

    /// <summary>How to print for this terminal, where the viewer's own output is none.</summary>
    public static IEnumerable<string> Terminal()
    {
        if (Console.IsErrorRedirected)
            yield break;
        yield return "--width";
        yield return Math.Clamp(Console.WindowWidth, 60, 500).ToString(CultureInfo.InvariantCulture);
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
            yield return "--color";
    }
}
