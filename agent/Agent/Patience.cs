using System.Diagnostics;
using System.Globalization;
using HarmonyLib;

namespace Agent;

/// <summary>
/// How long a thread of the app waits for the agent's start: as long as that gets on, which takes a tenth of a second, on a starved machine several. What
/// hangs may hang because of the very thread that waits, a lock that code of the app on the agent's thread wants, say; so once nothing has moved for
/// <see cref="Limit"/>, the app goes on, and what comes late traces from then on.
/// </summary>
static class Patience
{
    /// <summary>How long nothing may move.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>The same where the system does not tell whether a thread waits for a processor, and a starved one looks like one that hangs.</summary>
    static readonly TimeSpan LimitElsewhere = TimeSpan.FromSeconds(2);

    /// <summary>How long the app waits at all.</summary>
    static readonly TimeSpan End = TimeSpan.FromSeconds(10);

    /// <summary>Less processor time of the whole process than this, in a step, is what goes on anyway.</summary>
    static readonly TimeSpan Nothing = TimeSpan.FromMilliseconds(1);

    const int Step = 25;

    static Thread? s_worker;
    static string? s_stat, s_times; // files in which Linux tells of it

    /// <summary>The calling thread is the one that is waited for.</summary>
    public static void Start()
    {
        s_worker = Thread.CurrentThread;
        try
        {
            var id = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/thread-self/stat").Split(' ', 2)[0] : "";
            (s_stat, s_times) = ($"/proc/self/task/{id}/stat", $"/proc/self/task/{id}/schedstat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // no /proc: the other way
        }
    }

    /// <returns>Whether it has ended; false if the wait was given up.</returns>
    /// <param name="wait">Waits for some milliseconds and tells whether it has ended.</param>
    public static bool Wait(Func<int, bool> wait)
    {
        var started = Stopwatch.GetTimestamp();
        var moved = started;
        var last = Times();
        while (Stopwatch.GetElapsedTime(started) < End)
        {
            var before = Environment.CpuUsage.TotalTime;
            if (wait(Step))
                return true;
            var times = Times();
            if (Harmony.IsWaitingForRuntime || (times is null ? MayMove(Environment.CpuUsage.TotalTime - before) : times != last || WaitsForMachine()))
                moved = Stopwatch.GetTimestamp();
            last = times;
            if (Stopwatch.GetElapsedTime(moved) >= (times is null ? LimitElsewhere : Limit))
                return false;
        }
        return false;
    }

    /// <summary>How long the thread has run and how often, on Linux; null elsewhere.</summary>
    static string? Times() => Read(s_times) is { } text && text.Split(' ') is [var running, _, ..] && long.TryParse(running, CultureInfo.InvariantCulture, out _) ? running : null;

    /// <summary>Whether it waits for a processor or a disk, of which a starved container gets little in a quarter of a second.</summary>
    static bool WaitsForMachine() => Read(s_stat) is { } stat && stat.LastIndexOf(')') is var name and > 0 && stat[name + 2] is 'R' or 'D';

    /// <summary>Elsewhere there is only what the whole process uses, and whether the thread is in a managed wait.</summary>
    static bool MayMove(TimeSpan used) => used >= Nothing && s_worker is { } worker && (worker.ThreadState & System.Threading.ThreadState.WaitSleepJoin) == 0;

    static string? Read(string? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or Linux tells nothing here
        }
    }
}
