using Wolverine;
using Wolverine.Postgresql;

namespace Lookout;

/// <summary>Wolverine's messages in a queue that outlives the process, and its agents for these.</summary>
static class WolverineMessages
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Database database)
    {
        builder.Services.AddSingleton<Kitchen>();
        builder.Host.UseWolverine(options =>
        {
            options.PersistMessagesWithPostgresql(database.Source);
            options.Policies.UseDurableLocalQueues();
            var often = TimeSpan.FromMilliseconds(200);
            options.Durability.ScheduledJobPollingTime = options.Durability.NodeReassignmentPollingTime = options.Durability.HealthCheckPollingTime = often;
            options.Durability.ScheduledJobFirstExecution = options.Durability.FirstHealthCheckExecution = options.Durability.FirstNodeReassignmentExecution = often;
        });
        return static app => app.MapGet("/message", async (string name, IMessageBus bus) =>
        {
            await bus.PublishAsync(new Bread(name));
            return await Work.Done(name);
        });
    }
}

/// <summary>Somebody wants some.</summary>
public sealed record Bread(string Name);

/// <summary>Makes it.</summary>
public sealed class BreadHandler
{
    public Task Handle(Bread message, Kitchen kitchen) => kitchen.Bake(message);
}

/// <summary>Where it is made.</summary>
public sealed class Kitchen(IServiceProvider services)
{
    public Task Bake(Bread bread) => Work.Do(bread.Name, services.GetRequiredService<Database>());
}
