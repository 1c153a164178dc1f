using System.Diagnostics;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Counts the traces that have begun here and have not ended, where the agent may be detached: they are to be whole.</summary>
sealed class OpenTraces : BaseProcessor<Activity>
{
    /// <summary>How long a detach waits for them: a page, not a stream.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    static int s_open;

    /// <summary>When the first span has begun that was heard here. One from before, heard by another provider, may end here.</summary>
    DateTime _since = DateTime.MaxValue;

    /// <summary>Returns when there are none, or after two seconds. No more may begin.</summary>
    public static void WaitForEnds() => SpinWait.SpinUntil(static () => Volatile.Read(ref s_open) <= 0, Longest);

    public static void Reset() => s_open = 0;

    /// <inheritdoc/>
    public override void OnStart(Activity data)
    {
        if (_since == DateTime.MaxValue)
            _since = data.StartTimeUtc;
        if (IsFirst(data))
            Interlocked.Increment(ref s_open);
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (IsFirst(data) && data.StartTimeUtc >= _since)
            Interlocked.Decrement(ref s_open);
    }

    static bool IsFirst(Activity span) => span.Parent is null && (span.HasRemoteParent || span.ParentSpanId == default);
}
