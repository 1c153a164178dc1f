namespace HarmonyLib.Rejit;

/// <summary>The variables that switch the runtime's diagnostics off, or so much of them that methods cannot be patched.</summary>
static class DiagnosticsSwitch
{
    // With the last one .NET 10 would attach a profiler all the same, but whoever sets it wants none. The runtime still reads the older prefix, too.
    static readonly string[] Variables =
    [
        "DOTNET_EnableDiagnostics", "DOTNET_EnableDiagnostics_IPC", "DOTNET_EnableDiagnostics_Profiler",
        "COMPlus_EnableDiagnostics", "COMPlus_EnableDiagnostics_IPC", "COMPlus_EnableDiagnostics_Profiler",
    ];

    /// <summary>The first one that is set so, as NAME=VALUE; null if none is.</summary>
    /// <param name="variable">Reads an environment variable; null if it is not set.</param>
    public static string? Off(Func<string, string?> variable)
    {
        foreach (var name in Variables)
        {
            if (variable(name)?.Trim() is { } value && IsZero(value))
                return $"{name}={value}";
        }
        return null;
    }

    /// <summary>Whether the runtime reads a variable as switched off.</summary>
    public static bool IsZero(string? value) => value?.Trim() is "0" or "00" or "0x0";
}
