namespace HarmonyLib;

/// <summary>Something that may go wrong over and over: it is said once a minute at most, with how often it has happened.</summary>
sealed class Complaint
{
    const int MinuteInMs = 60_000;

    long _saidAt = -MinuteInMs;
    int _unsaid;

    /// <param name="say">Where to.</param>
    /// <param name="sentence">What has happened; made only when it is said.</param>
    public void Say(Action<string> say, Func<string> sentence)
    {
        Interlocked.Increment(ref _unsaid);
        var (now, last) = (Environment.TickCount64, Volatile.Read(ref _saidAt));
        if (now - last < MinuteInMs || Interlocked.CompareExchange(ref _saidAt, now, last) != last)
            return;
        var times = Interlocked.Exchange(ref _unsaid, 0);
        say(times > 1 ? $"{sentence()} ({times} times since this was last said)" : sentence());
    }
}
