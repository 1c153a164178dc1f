using System.Globalization;

namespace Agent.CommandLine;

/// <summary>The viewer, a program of its own in a folder beside this one.</summary>
static class ViewerProgram
{
    /// <param name="arguments">For it.</param>
    /// <returns>What to start, and with which arguments.</returns>
    public static (string File, List<string> Arguments) With(List<string> arguments)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "viewer");
        var executable = Path.Combine(folder, OperatingSystem.IsWindows() ? "Agent.Viewer.exe" : "Agent.Viewer");
        return !File.Exists(executable) || !OperatingSystem.IsWindows() && !Replacement.MayExecute(executable) // from a package it may not be executed
            ? ("dotnet", [Path.Combine(folder, "Agent.Viewer.dll"), .. arguments])
            : (executable, arguments);
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
