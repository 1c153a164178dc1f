using System.Reflection;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Primitives;

namespace Workshop;

/// <summary>A processor of Azure Event Hubs that is handed what a server would have sent it, and is woken when there was nothing.</summary>
static class Hub
{
    public static void Map(WebApplication app) => app.MapGet("/hub", async (string text) =>
    {
        var processor = new Processor();
        Task received;
        using (ExecutionContext.SuppressFlow()) // it has a loop of its own
            received = Task.Run(() => processor.Receive(text.Length == 0 ? [] : [new EventData(text)]));
        try
        {
            await received;
            return processor.Said;
        }
        catch (Exception e) when (e.InnerException is InvalidOperationException thrown)
        {
            return thrown.Message;
        }
    });

    sealed class Processor() : EventProcessor<EventProcessorPartition>(10, "$Default", "Endpoint=sb://127.0.0.1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", "hub")
    {
        static readonly MethodInfo Process = typeof(EventProcessor<EventProcessorPartition>).GetMethod("ProcessEventBatchAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;

        public string Said { get; private set; } = "";

        public Task Receive(EventData[] events) => (Task)Process.Invoke(this, [new EventProcessorPartition(), events, true, CancellationToken.None])!;

        protected override async Task OnProcessingEventBatchAsync(IEnumerable<EventData> events, EventProcessorPartition partition, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Said = $"{events.Count()} events";
            if (events.Any(static data => data.EventBody.ToString() == "bad"))
                throw new InvalidOperationException("Nobody can do that.");
        }

        protected override Task OnProcessingErrorAsync(Exception exception, EventProcessorPartition partition, string operationDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task<IEnumerable<EventProcessorPartitionOwnership>> ListOwnershipAsync(CancellationToken cancellationToken) => Task.FromResult<IEnumerable<EventProcessorPartitionOwnership>>([]);

        protected override Task<IEnumerable<EventProcessorPartitionOwnership>> ClaimOwnershipAsync(IEnumerable<EventProcessorPartitionOwnership> desiredOwnership, CancellationToken cancellationToken) => Task.FromResult(desiredOwnership);
    }
}
