using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using IProjectionCoordinator = Marten.Events.Daemon.Coordination.IProjectionCoordinator;

namespace Workshop;

/// <summary>Marten, with a daemon that makes a view of new events.</summary>
static class Events
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Workshop:Postgres"] is { } postgres)
            builder.Services.AddMarten(options =>
            {
                options.Connection(postgres);
                options.Projections.Snapshot<Trip>(SnapshotLifecycle.Async);
            }).ApplyAllDatabaseChangesOnStartup().AddAsyncDaemon(DaemonMode.Solo);
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Workshop:Postgres"] is not null)
            app.MapGet("/trip", async (string to, IDocumentStore store, IProjectionCoordinator coordinator) =>
            {
                await using (var session = store.LightweightSession())
                {
                    session.Events.StartStream<Trip>(new Started(to));
                    await session.SaveChangesAsync();
                }
                await coordinator.DaemonForMainDatabase().WaitForNonStaleData(TimeSpan.FromSeconds(30));
                await using var query = store.QuerySession();
                return (await query.Query<Trip>().FirstAsync()).To;
            });
    }
}

/// <summary>Somebody has left.</summary>
public sealed record Started(string To);

/// <summary>What is known of a journey.</summary>
public sealed class Trip
{
    public Guid Id { get; set; }

    public string To { get; set; } = "";

    public void Apply(Started started) => To = started.To;
}
