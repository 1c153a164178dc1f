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

    /// <summary>
    /// What follows in this flow is in no trace, until what was current before is made current again. For what a library does for itself; no code of the app's may run in it.
    /// </summary>
    /// <returns>What was current before.</returns>
    public static Activity? Enter()
    {
        var before = Activity.Current;
        Activity.Current = null;
        Make(new Activity("unrecorded").SetIdFormat(ActivityIdFormat.W3C).Start());
        return before;
    }
}
