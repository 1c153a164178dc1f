using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>Who runs where. With taskset and two cores or more, an app under load has the first core and everything else the others.</summary>
sealed class Cores
{
    readonly int[] _all = [.. Allowed()];

    public bool ArePinned => _all.Length > 1 && Programs.Find("taskset") is not null;
    public int OfApp => _all[0];

    public string Description => ArePinned
        ? $"the app on core {OfApp}; load, sink and benchmark on {Load}; while only starting, the app on all {_all.Length}"
        : $"nothing pinned, because {(_all.Length > 1 ? "there is no taskset" : "there is one core only")}: app and load generator are in each other's way";

    string Load => string.Join(',', _all[1..]);

    /// <summary>The command, run on the app's core.</summary>
    public ProcessStartInfo ForApp(params string[] command) => On($"{OfApp}", command);

    /// <summary>The command, run where the load comes from.</summary>
    public ProcessStartInfo ForLoad(params string[] command) => On(Load, command);

    /// <summary>The command, run on every core; said explicitly, because children inherit where this program runs.</summary>
    public ProcessStartInfo All(params string[] command) => On(string.Join(',', _all), command);

    /// <summary>Moves this program, with all its threads, to where the load comes from.</summary>
    public Task MoveHere(CancellationToken stop) =>
        ArePinned ? Programs.Output(new ProcessStartInfo("taskset", ["-a", "-c", "-p", Load, $"{Environment.ProcessId}"]), stop) : Task.CompletedTask;

    // taskset replaces itself with the command: the process id is the command's.
    ProcessStartInfo On(string cores, string[] command) =>
        ArePinned ? new ProcessStartInfo("taskset", ["-c", cores, .. command]) : new ProcessStartInfo(command[0], command[1..]);

    /// <summary>For example 0-1 or 0,4-7.</summary>
    static IEnumerable<int> Allowed() => ProcFiles.Value("/proc/self/status", "Cpus_allowed_list").Split(',')
        .Select(range => range.Split('-').Select(int.Parse).ToArray())
        .SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
}
