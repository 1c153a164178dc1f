namespace Agent.Benchmarks;

/// <summary>Linux' own counters of a process and of the machine, in /proc (see proc(5)).</summary>
static class ProcFiles
{
    // USER_HZ, which is 100 on every architecture .NET runs on.
    const double TicksPerSecond = 100;

    /// <summary>The value of a line «name: value».</summary>
    public static string Value(string file, string name) =>
        File.ReadLines(file).Select(line => line.Split(':', 2)).FirstOrDefault(parts => parts[0].Trim() == name)?[1].Trim() ?? "";

    /// <summary>User and system time of all threads, those that have ended included.</summary>
    public static TimeSpan Cpu(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from the third field on: the second may hold blanks
        return Ticks(fields[11]) + Ticks(fields[12]);
    }

    /// <summary>How long a core has not been idle, time stolen by the host included.</summary>
    public static TimeSpan Busy(int core)
    {
        var fields = File.ReadLines("/proc/stat").First(line => line.StartsWith($"cpu{core} ", StringComparison.Ordinal)).Split(' ');
        return Ticks(fields[1]) + Ticks(fields[2]) + Ticks(fields[3]) + Ticks(fields[6]) + Ticks(fields[7]) + Ticks(fields[8]);
    }

    /// <summary>Resident memory in MB.</summary>
    public static double Memory(int process) => double.Parse(Value($"/proc/{process}/status", "VmRSS").Split(' ')[0]) / 1024;

    static TimeSpan Ticks(string ticks) => TimeSpan.FromSeconds(long.Parse(ticks) / TicksPerSecond);
}
