using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// Quartz's own spans without its bookkeeping: the scheduler asks its store again and again whether something is due, which would be a trace each
/// time, with the database commands in it. What an app asks of the store inside of a span of its own stays. A listener beside the provider's,
/// because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class QuartzSpans
{
    public static void Start() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == "Quartz",
        ActivityStarted = static activity =>
        {
            if (activity.ParentId is null && activity.OperationName.StartsWith("Quartz.JobStore.", StringComparison.Ordinal))
                Unrecorded.Make(activity);
        },
    });
}
