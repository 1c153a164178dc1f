using System.Reflection;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Primitives;

namespace Partners;

/// <summary>A processor of Azure Event Hubs that is handed events without a server, by the method of the library's that calls it when a server has sent some, or none.</summary>
static class EventHubsPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:EventHubs"] is not { } connection)
            return;
        var processor = new Processor(connection);
        app.MapGet("/eventhubs", async (string text) =>
        {
            try
            {
                await processor.Receive(new EventData(text) { Properties = { ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } });
                return "done";
            }
            catch (Exception e)
            {
                return e.InnerException!.Message;
            }
        });
        app.MapGet("/eventhubs/nothing", async () =>
        {
            await processor.Receive();
            return "nothing";
        });
    }

    sealed class Processor(string connection) : EventProcessor<EventProcessorPartition>(10, "$Default", connection, "letters")
    {
        static readonly MethodInfo Process = typeof(EventProcessor<EventProcessorPartition>).GetMethod("ProcessEventBatchAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;

        /// <summary>As the library does it: outside of any request.</summary>
        public Task Receive(params EventData[] events)
        {
            using (ExecutionContext.SuppressFlow())
                return Task.Run(() => (Task)Process.Invoke(this, [new EventProcessorPartition(), events, true, CancellationToken.None])!);
        }

        protected override async Task OnProcessingEventBatchAsync(IEnumerable<EventData> events, EventProcessorPartition partition, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (events.Any(static data => data.EventBody.ToString() == "bad"))
                throw new InvalidOperationException("Nobody can do that.");
        }

        protected override Task OnProcessingErrorAsync(Exception exception, EventProcessorPartition partition, string operationDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        protected override Task<IEnumerable<EventProcessorPartitionOwnership>> ListOwnershipAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override Task<IEnumerable<EventProcessorPartitionOwnership>> ClaimOwnershipAsync(IEnumerable<EventProcessorPartitionOwnership> desiredOwnership, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
