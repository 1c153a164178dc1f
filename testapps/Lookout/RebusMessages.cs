using Rebus.Activation;
using Rebus.Backoff;
using Rebus.Bus;
using Rebus.Config;
using Rebus.Handlers;
using Rebus.Retry.Simple;
using Rebus.Transport.InMem;

namespace Lookout;

/// <summary>Rebus' messages in a table, or only those for later.</summary>
static class RebusMessages
{
    public static Action<WebApplication> Add(Database database) => app => Map(app, database, bus => bus.Transport(transport => transport.UsePostgreSql(database.Connection, "messages", "bakery")));

    public static Action<WebApplication> AddTimeouts(Database database) => app => Map(app, database, bus => bus
        .Transport(static transport => transport.UseInMemoryTransport(new InMemNetwork(), "bakery"))
        .Timeouts(timeouts => timeouts.StoreInPostgres(database.Connection, "timeouts")));

    static void Map(WebApplication app, Database database, Func<RebusConfigurer, RebusConfigurer> configure)
    {
        var activator = new BuiltinHandlerActivator();
        activator.Register(() => new Baker(database));
        var bus = configure(Configure.With(activator).Logging(static logging => logging.None()))
            .Options(static options =>
            {
                options.RetryStrategy(maxDeliveryAttempts: 1);
                options.SetDueTimeoutsPollInterval(TimeSpan.FromMilliseconds(100));
                options.SetBackoffTimes(TimeSpan.FromMilliseconds(50));
                options.SetNumberOfWorkers(1);
            })
            .Start();
        app.Lifetime.ApplicationStopping.Register(activator.Dispose);
        app.MapGet("/message", (string name) => Send(name, bus.SendLocal));
        app.MapGet("/later", (string name) => Send(name, (message, headers) => bus.DeferLocal(TimeSpan.FromMilliseconds(100), message, headers)));
    }

    static async Task<string> Send(string name, Func<object, IDictionary<string, string>?, Task> send)
    {
        await send(new Order(name), null);
        return await Work.Done(name);
    }

    /// <summary>Somebody wants some.</summary>
    public sealed record Order(string Name);

    sealed class Baker(Database database) : IHandleMessages<Order>
    {
        public Task Handle(Order message) => Work.Do(message.Name, database);
    }
}
