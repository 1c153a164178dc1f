using Rebus.Activation;
using Rebus.Config;
using Rebus.Handlers;
using Rebus.Retry.Simple;
using Rebus.Routing.TypeBased;
using Rebus.Transport.InMem;

namespace Guild;

/// <summary>Messages by Rebus, in memory; one that cannot be handled is tried twice.</summary>
static class RebusMessages
{
    public static void Map(WebApplication app)
    {
        var activator = new BuiltinHandlerActivator();
        activator.Register(static () => new Baker());
        var bus = Configure.With(activator)
            .Logging(static logging => logging.None())
            .Transport(static transport => transport.UseInMemoryTransport(new InMemNetwork(), "bakery"))
            .Routing(static routing => routing.TypeBased().Map<Bread>("bakery"))
            .Options(static options => options.RetryStrategy(maxDeliveryAttempts: 2))
            .Start();
        app.Lifetime.ApplicationStopping.Register(activator.Dispose);
        app.MapGet("/rebus", async (string name) =>
        {
            await bus.Send(new Bread(name));
            return await Work.Done(name);
        });
    }

    /// <summary>Somebody wants some.</summary>
    public sealed record Bread(string Name);

    sealed class Baker : IHandleMessages<Bread>
    {
        static int s_tries;

        public async Task Handle(Bread message)
        {
            await Task.Yield();
            if (message.Name == "hopeless" && Interlocked.Increment(ref s_tries) == 1)
                throw new TimeoutException("Nobody has time.");
            Work.Do(message.Name);
        }
    }
}
