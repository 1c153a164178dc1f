using DotNetCore.CAP;
using DotNetCore.CAP.Transport;
using Guild;

namespace Lookout;

/// <summary>CAP's messages, kept in a database; they travel in memory.</summary>
static class CapMessages
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Database database)
    {
        builder.Services.AddTransient<Baker>();
        builder.Services.AddCap(options =>
        {
            options.UsePostgreSql(database.Connection);
            options.RegisterExtension(new InMemory());
            options.FailedRetryCount = 0;
            options.FailedRetryInterval = options.CollectorCleaningInterval = 1; // seconds
            options.UseStorageLock = true;
        });
        return static app => app.MapGet("/message", async (string name, ICapPublisher publisher) =>
        {
            await publisher.PublishAsync("bread", name);
            return await Work.Done(name);
        });
    }

    /// <summary>Hears what is wanted.</summary>
    public sealed class Baker(IServiceProvider services) : ICapSubscribe
    {
        [CapSubscribe("bread")]
        public Task Bake(string name) => Work.Do(name, services.GetRequiredService<Database>());
    }

    sealed class InMemory : ICapOptionsExtension
    {
        public void AddServices(IServiceCollection services)
        {
            services.AddSingleton(new CapMessageQueueMakerService("memory"));
            services.AddSingleton<ITransport, CapQueue>();
            services.AddSingleton<IConsumerClientFactory, CapQueue>();
        }
    }
}
