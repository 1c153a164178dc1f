namespace Agent.CommandLine;

/// <summary>What Linux tells of processes in files below /proc.</summary>
static class ProcessFiles
{
    /// <summary>When a process has started, in clock ticks since the system has: part of the name of a runtime's diagnostics socket.</summary>
    /// <param name="process">Its id, or self.</param>
    public static string? StartTime(string process)
    {
        if (Read($"/proc/{process}/stat") is not { } stat)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before it may have spaces and parentheses
        return fields.Length > 19 ? fields[19] : null;
    }

    /// <summary>Whether there is a process that has not ended; one that has may still be listed, until its parent asks for its exit code.</summary>
    public static bool Exists(int process) => Read($"/proc/{process}/stat") is { } stat && stat[stat.LastIndexOf(')')..] is [_, _, not 'Z', ..];

    /// <summary>Null for what is not there, or is not for this user.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
