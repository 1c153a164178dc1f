using System.Diagnostics;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Counts the requests and messages that have begun here and have not ended, where the agent may be detached: they are to be whole.</summary>
sealed class OpenTraces : BaseProcessor<Activity>
{
    /// <summary>How long a detach waits for them: a page, not a stream.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    static int s_open;

    /// <summary>When the earliest span has begun that was heard here, in ticks. One from before, heard by another provider, may end here.</summary>
    long _since = long.MaxValue;

    /// <summary>Returns when there are none, or after two seconds. No more may begin.</summary>
    public static void WaitForEnds() => SpinWait.SpinUntil(static () => Volatile.Read(ref s_open) <= 0, Longest);

    public static void Reset() => s_open = 0;

    /// <inheritdoc/>
    public override void OnStart(Activity data)
    {
        if (!IsFirst(data))
            return;
        var (begun, since) = (data.StartTimeUtc.Ticks, Volatile.Read(ref _since));
        while (begun < since && Interlocked.CompareExchange(ref _since, begun, since) is var seen && seen != since)
            since = seen;
        Interlocked.Increment(ref s_open);
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (IsFirst(data) && data.StartTimeUtc.Ticks >= Volatile.Read(ref _since))
            Interlocked.Decrement(ref s_open);
    }

    /// <summary>A request or a message: others may be left out on their way, and then do not end here.</summary>
    static bool IsFirst(Activity span) => span.Kind is ActivityKind.Server or ActivityKind.Consumer && span.Parent is null;
}
