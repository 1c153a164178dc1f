using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Agent.Tracing;

/// <summary>
/// Takes a span that has begun out of its trace, but not what is below it, which becomes its parent's: two libraries of which one uses the other both have a
/// span for one and the same call.
/// </summary>
static class PassedOver
{
    static readonly ConditionalWeakTable<Activity, object> All = [];

    /// <summary>To be called while the span begins.</summary>
    public static void Make(Activity activity)
    {
        activity.IsAllDataRequested = false; // so processors are not told of its end; it stays recorded for what is below
        All.AddOrUpdate(activity, activity);
    }

    /// <summary>To be called while a span begins that may be below one of them.</summary>
    public static void Adopt(Activity activity)
    {
        if (activity.Parent is { IsAllDataRequested: false } parent && All.TryGetValue(parent, out _))
            CurrentSpan.SetParentId(activity, parent.ParentSpanId.ToHexString());
    }
}
