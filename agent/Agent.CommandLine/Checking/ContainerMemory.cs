using System.Globalization;

namespace Agent.CommandLine.Checking;

/// <summary>How much memory a process's control group may use.</summary>
static class ContainerMemory
{
    /// <param name="process">Its id, or self.</param>
    /// <returns>In bytes; null if there is no limit, or it cannot be seen.</returns>
    public static long? Limit(string process)
    {
        long? least = null;
        foreach (var line in ProcessFiles.Read($"/proc/{process}/cgroup")?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            // hierarchy:controllers:path; the second version has 0 and no controllers. The groups above have limits, too.
            if (line.Split(':', 3) is not [_, var controllers, var path] || controllers is not ("" or "memory"))
                continue;
            for (var group = path; ; group = Path.GetDirectoryName(group)!)
            {
                foreach (var file in (string[])[$"/sys/fs/cgroup{group}/memory.max", $"/sys/fs/cgroup/memory{group}/memory.limit_in_bytes"])
                {
                    if (long.TryParse(ProcessFiles.Read(file), CultureInfo.InvariantCulture, out var bytes) && (least is null || bytes < least))
                        least = bytes;
                }
                if (group is "/" or "" || Path.GetDirectoryName(group) is null)
                    break;
            }
        }
        return least > 1L << 50 ? null : least; // the first version has a very large number for none
    }
}
