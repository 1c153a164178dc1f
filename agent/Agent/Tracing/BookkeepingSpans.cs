using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// Spans that libraries make about themselves while nobody has asked them anything, which are left out with everything in them: Quartz asks its
/// store again and again whether something is due, which would be a trace each time, Marten's daemon its database whether there are new events, a consumer of
/// NATS its stream for more, a processor of Azure Event Hubs calls the app with nothing; Wolverine tells of its listeners. The same inside of a span of the app's stays. AGENT_POLLING brings them back. A listener beside the provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class BookkeepingSpans
{
    public static void Start(Settings settings)
    {
        if (!settings.IsPollingTraced)
            Listen();
    }

    static void Listen() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => source.Name is "Quartz" or "Wolverine" or "Marten" or NatsSpans.Source or EventProcessor,
        ActivityStarted = static activity =>
        {
            if ((activity.ParentId is null && Are(activity.OperationName)) || (activity.Source.Name == NatsSpans.Source && NatsSpans.IsBookkeeping(activity))
                || IsEmptyWakeUp(activity))
                Unrecorded.Make(activity);
        },
    });

    const string EventProcessor = "Azure.Messaging.EventHubs.EventProcessor";

    /// <summary>Of a processor of Azure Event Hubs that tells the app that nothing has come: of what has come, each has a time.</summary>
    static bool IsEmptyWakeUp(Activity activity) => activity is { Source.Name: EventProcessor, OperationName: "EventProcessor.Process" } && !activity.Links.Any()
        && activity.GetTagItem("messaging.batch.message_count") is null && activity.GetTagItem("enqueuedTime") is null;

    /// <summary>By the name of the activity.</summary>
    public static bool Are(string name) => name.StartsWith("Quartz.JobStore.", StringComparison.Ordinal) || name.StartsWith("wolverine.", StringComparison.Ordinal)
        || name == "marten.daemon.highwatermark";
}
