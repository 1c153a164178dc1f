using System.Runtime.InteropServices;

namespace Agent.Benchmarks;

/// <summary>Where the numbers come from.</summary>
sealed record Machine(string Processor, int Cores, double MemoryInGigabytes, string System, string Kernel, string Runtime, string LoadBefore, DateTime Date)
{
    public static Machine Describe() => new(
        ProcFiles.Value("/proc/cpuinfo", "model name") is { Length: > 0 } model ? model : $"{RuntimeInformation.ProcessArchitecture}",
        File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1,
        double.Parse(ProcFiles.Value("/proc/meminfo", "MemTotal").Split(' ')[0]) / (1 << 20),
        RuntimeInformation.OSDescription,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        RuntimeInformation.FrameworkDescription,
        File.ReadAllText("/proc/loadavg").Split(' ')[0],
        DateTime.UtcNow);

    public override string ToString() =>
        $"{Processor}, {Cores} cores, {MemoryInGigabytes:0.0} GB; {System}, kernel {Kernel}; {Runtime}; {Date:yyyy-MM-dd HH:mm} UTC, load average before: {LoadBefore}";
}
