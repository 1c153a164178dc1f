using System.Diagnostics;

namespace Agent;

/// <summary>
/// How long a thread of the app waits for the agent's start: as long as that gets on, which takes a tenth of a second, on a starved machine several. What
/// hangs may hang because of the very thread that waits, a lock that code of the app on the agent's thread wants, say; so once nothing has moved for
/// <see cref="Limit"/>, the app goes on, and what comes late traces from then on.
/// </summary>
static class Patience
{
    /// <summary>How long nothing may move.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the app waits at all, in a process that is busy with other things.</summary>
    public static readonly TimeSpan End = TimeSpan.FromSeconds(10);

    /// <summary>Less processor time of the whole process than this is what waiting costs by itself.</summary>
    static readonly TimeSpan Nothing = TimeSpan.FromMilliseconds(2);

    const int Step = 25;

    /// <returns>Whether it has ended; false if the wait was given up.</returns>
    /// <param name="worker">The thread that is waited for.</param>
    /// <param name="wait">Waits for some milliseconds and tells whether it has ended.</param>
    public static bool Wait(Thread worker, Func<int, bool> wait)
    {
        if (wait(Step)) // nearly always
            return true;
        var started = Stopwatch.GetTimestamp();
        var (moved, used) = (started, Environment.CpuUsage.TotalTime);
        var lastAwake = started;
        while (Stopwatch.GetElapsedTime(started) < End)
        {
            if (wait(Step))
                return true;
            var now = Stopwatch.GetTimestamp();
            if (Environment.CpuUsage.TotalTime - used is var more && more >= Nothing || IsAnotherThreadBusy())
                (moved, used) = (now, used + more);
            if ((worker.ThreadState & System.Threading.ThreadState.WaitSleepJoin) == 0)
                lastAwake = now;
            if (Stopwatch.GetElapsedTime(moved, now) >= Limit || Stopwatch.GetElapsedTime(lastAwake, now) >= Limit)
                return false;
        }
        return false;
    }
    /// <summary>
    /// On Linux: whether another thread of this process waits for a processor or a disk, of which a starved container gets little in a quarter of a second.
    /// </summary>
    static bool IsAnotherThreadBusy()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            var self = File.ReadAllText("/proc/thread-self/stat").Split(' ', 2)[0];
            foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                var stat = Path.GetFileName(thread) == self ? "" : File.ReadAllText(Path.Combine(thread, "stat"));
                if (stat.LastIndexOf(')') is var name and > 0 && stat[name + 2] is 'R' or 'D')
                    return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a thread has ended meanwhile
        }
        return false;
    }
}
