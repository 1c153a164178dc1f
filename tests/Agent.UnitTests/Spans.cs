using System.Diagnostics;
using Agent.Tracing;

namespace Agent.UnitTests;

/// <summary>Listens to one activity source and keeps what has ended. Ends with no span around.</summary>
sealed class Spans : IDisposable
{
    readonly ActivityListener _listener;
    readonly ActivitySource _source = new("Agent.UnitTests");

    /// <summary>The source of what is begun here.</summary>
    public ActivitySource Source => _source;

    /// <param name="also">Another source to listen to.</param>
    public Spans(string? also = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _source || source.Name == also,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>In the order in which they ended.</summary>
    public List<Activity> Ended { get; } = [];

    /// <summary>Starts an activity below the current one and makes it current.</summary>
    public Activity Start(string name) => _source.StartActivity(name)!;

    /// <summary>Begins a span of ours, which is never current.</summary>
    public SpanRecord Begin(string name) => CurrentSpan.Begin(_source, name)!;

    public void Dispose()
    {
        Activity.Current = null;
        CurrentSpan.Scope = null;
        _listener.Dispose();
        _source.Dispose();
    }
}
