namespace Agent.Tracing;

/// <summary>The container this process runs in.</summary>
static class Container
{
    const int IdLength = 64;

    /// <summary>
    /// container.id, from what the kernel says about this process: its control group, or where that shows nothing (cgroup v2) the place that
    /// the runtime has mounted /etc/hostname from. Null outside of containers.
    /// </summary>
    public static string? Id()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return IdIn(File.ReadAllText("/proc/self/cgroup"), "") ?? IdIn(File.ReadAllText("/proc/self/mountinfo"), "/etc/hostname");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Debug($"no container.id: {e.Message}");
            return null;
        }
    }

    /// <summary>The last run of 64 hexadecimal digits between other characters, in the first line that has one and contains the text.</summary>
    internal static string? IdIn(string file, string text)
    {
        foreach (var line in file.Split('\n'))
        {
            if (!line.Contains(text, StringComparison.Ordinal))
                continue;
            var end = line.Length;
            while (end > 0)
            {
                var start = end;
                while (start > 0 && char.IsAsciiHexDigitLower(line[start - 1]))
                    start--;
                if (end - start == IdLength)
                    return line[start..end];
                end = start == end ? end - 1 : start;
            }
        }
        return null;
    }
}
