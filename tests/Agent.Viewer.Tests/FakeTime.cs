namespace Agent.Viewer.Tests;

/// <summary>A clock that stands still until a test moves it; timers ring on the thread that moves it, in the order of their time.</summary>
sealed class FakeTime : TimeProvider
{
    readonly List<Timer> _timers = [];
    TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.AreEqual(Timeout.InfiniteTimeSpan, period, "This clock has no periodic timers.");
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void Advance(int milliseconds)
    {
        var end = _now + TimeSpan.FromMilliseconds(milliseconds);
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            _now = next.Due!.Value;
            next.Ring();
        }

        _now = end;
    }

    sealed class Timer(FakeTime clock, Action callback) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public void Ring()
        {
            Due = null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
