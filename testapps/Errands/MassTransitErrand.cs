using MassTransit;

namespace Errands;

/// <summary>A bus in memory.</summary>
static class MassTransitErrand
{
    public static async Task<string> Run(string errand)
    {
        var bus = Bus.Factory.CreateUsingInMemory(settings => settings.ReceiveEndpoint("errands", endpoint => endpoint.Consumer<Runner>()));
        await bus.StartAsync();
        try
        {
            await bus.Publish(new Errand(errand));
            return await Work.Of(errand).Done;
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    public sealed record Errand(string Name);

    sealed class Runner : IConsumer<Errand>
    {
        public Task Consume(ConsumeContext<Errand> context)
        {
            Work.Of(context.Message.Name).Do(context.Message.Name);
            return Task.CompletedTask;
        }
    }
}
