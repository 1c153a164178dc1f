using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// Spans that libraries make about themselves while nobody has asked them anything, which are left out with everything in them: Quartz asks its
/// store again and again whether something is due, which would be a trace each time, Marten's daemon its database whether there are new events, a consumer of
/// NATS its stream for more; Wolverine tells of its listeners and assigns work to itself; YARP asks destinations how they are; a processor of Azure Event Hubs wakes up, and there is nothing; a worker of DurableTask gets its
/// work from a server, and tells it how that went. The same inside of a span of the app's stays, but DurableTask's. AGENT_POLLING brings them back. A listener
/// beside the provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class BookkeepingSpans
{
    const string EventHubs = "Azure.Messaging.EventHubs.EventProcessor";

    public static void Start(Settings settings)
    {
        if (settings.IsPollingTraced)
            return;
        Listen();
        Bookkeeping.Start();
        if (AppAssemblies.MayHave("Microsoft.DurableTask.Worker.Grpc"))
            ListenToWorkers();
    }

    static void Listen() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => source.Name is "Quartz" or "Wolverine" or "Marten" or "Yarp.ReverseProxy" or EventHubs or NatsSpans.Source,
        ActivityStarted = static activity =>
        {
            if ((activity.ParentId is null && (Are(activity.OperationName) || IsEmptyWakeUp(activity))) || (activity.Source.Name == NatsSpans.Source && NatsSpans.IsBookkeeping(activity)))
                Unrecorded.Make(activity);
        },
    });

    /// <summary>A call by gRPC says which it is only after its span has begun, but before it sends the request, whose span is the first below.</summary>
    static void ListenToWorkers() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == "System.Net.Http",
        ActivityStarted = static request =>
        {
            if (request.Parent is { IsAllDataRequested: true, Source.Name: GrpcClientSpans.Source } call && call.GetTagItem(GrpcClientSpans.Method) is string method && IsOfWorker(method))
            {
                Unrecorded.Make(call);
                Unrecorded.Make(request);
            }
        },
    });

    /// <summary>Whether a method of gRPC is one by which a worker of DurableTask talks to its server.</summary>
    static bool IsOfWorker(string method) => method.StartsWith("/TaskHubSidecarService/", StringComparison.Ordinal) && method["/TaskHubSidecarService/".Length..] is var name
        && (name is "Hello" or "GetWorkItems" or "StreamInstanceHistory" || (name.StartsWith("Complete", StringComparison.Ordinal) && name.EndsWith("Task", StringComparison.Ordinal)) || name.StartsWith("AbandonTask", StringComparison.Ordinal));

    /// <summary>A processor of Azure Event Hubs has waited, and there was no event: those it would have links to, and a time, or say how many they are.</summary>
    static bool IsEmptyWakeUp(Activity activity) => activity.Source.Name == EventHubs && activity.OperationName == "EventProcessor.Process"
        && !activity.Links.Any() && activity.GetTagItem("enqueuedTime") is null && activity.GetTagItem("messaging.batch.message_count") is null;

    /// <summary>By the name of the activity.</summary>
    public static bool Are(string name) => name.StartsWith("Quartz.JobStore.", StringComparison.Ordinal) || name.StartsWith("wolverine.", StringComparison.Ordinal)
        || name is "wolverine_node_assignments" or "marten.daemon.highwatermark" or "proxy.cluster_health_checks";
}
