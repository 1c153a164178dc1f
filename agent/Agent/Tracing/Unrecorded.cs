using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>Takes a span that has begun out of the traces, with everything below it.</summary>
static class Unrecorded
{
    /// <summary>To be called while the span begins.</summary>
    public static void Make(Activity activity)
    {
        activity.IsAllDataRequested = false; // so processors are not told of its end
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded; // and children follow their parent
    }
}
