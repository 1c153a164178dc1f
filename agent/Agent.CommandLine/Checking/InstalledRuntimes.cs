namespace Agent.CommandLine.Checking;

/// <summary>The versions of .NET on this machine, and which of them an app gets.</summary>
static class InstalledRuntimes
{
    /// <summary>As the host chooses it (docs: framework roll-forward), by major versions.</summary>
    /// <param name="asked">The version that the app asks for.</param>
    /// <param name="policy">rollForward of its runtimeconfig.json, or DOTNET_ROLL_FORWARD, which wins.</param>
    /// <param name="installed">What there is.</param>
    /// <returns>Null if there is none for it.</returns>
    public static Version? Choose(Version asked, string? policy, IReadOnlyCollection<Version> installed)
    {
        var fitting = installed.Where(version => version >= asked).Order().ToArray();
        if ("LatestMajor".Equals(policy, StringComparison.OrdinalIgnoreCase))
            return fitting.LastOrDefault();
        var major = fitting.FirstOrDefault()?.Major;
        if (!"Major".Equals(policy, StringComparison.OrdinalIgnoreCase))
            major = asked.Major;
        return fitting.LastOrDefault(version => version.Major == major);
    }

    /// <summary>Those of the folder that an app finds: DOTNET_ROOT, or that of `dotnet` in PATH, or the one that this program runs on.</summary>
    public static IReadOnlyCollection<Version> Find(Func<string, string?> variable)
    {
        var root = variable("DOTNET_ROOT") is { Length: > 0 } set ? set : InPath(variable("PATH")) ?? Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var folder = Path.Combine(root, "shared", "Microsoft.NETCore.App");
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Select(static version => Version.TryParse(Path.GetFileName(version).Split('-')[0], out var parsed) ? parsed : null).OfType<Version>()]
            : [];
    }

    static string? InPath(string? path)
    {
        var program = (path ?? "").Split(Path.PathSeparator).Select(static folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")).FirstOrDefault(File.Exists);
        return program is null ? null : Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
    }
}
