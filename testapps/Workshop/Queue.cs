using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace Workshop;

/// <summary>
/// A processor of Azure Service Bus that is handed a message without a server, as its documentation does it in tests; around it the span that the library makes
/// when a server has sent one.
/// </summary>
static class Queue
{
    static readonly ActivitySource Source = new("Azure.Messaging.ServiceBus.ServiceBusProcessor");

    public static void Map(WebApplication app) => app.MapGet("/queue", async (string text) =>
    {
        await using var processor = new Processor();
        processor.ProcessMessageAsync += async args =>
        {
            await Task.Yield();
            if (args.Message.Body.ToString() == "bad")
                throw new InvalidOperationException("Nobody can do that.");
        };
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        using var activity = Source.StartActivity("ServiceBusProcessor.ProcessMessage", ActivityKind.Consumer);
        try
        {
            await processor.Receive(new ProcessMessageEventArgs(ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString(text)), null, CancellationToken.None));
            return "done";
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    });

    sealed class Processor : ServiceBusProcessor
    {
        public Task Receive(ProcessMessageEventArgs args) => OnProcessMessageAsync(args);
    }
}
