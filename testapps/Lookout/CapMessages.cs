using System.Threading.Channels;
using DotNetCore.CAP;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Transport;

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
            services.AddSingleton<ITransport, Queue>();
            services.AddSingleton<IConsumerClientFactory, Queue>();
        }
    }

    sealed class Queue : ITransport, IConsumerClientFactory, IConsumerClient
    {
        static readonly Channel<TransportMessage> Messages = Channel.CreateUnbounded<TransportMessage>();

        string _group = "";

        public BrokerAddress BrokerAddress => new("memory", "");

        public Func<TransportMessage, object?, Task>? OnMessageCallback { get; set; }

        public Action<LogMessageEventArgs>? OnLogCallback { get; set; }

        public async Task<OperateResult> SendAsync(TransportMessage message)
        {
            await Messages.Writer.WriteAsync(message);
            return OperateResult.Success;
        }

        public Task<IConsumerClient> CreateAsync(string groupName, byte groupConcurrent) => Task.FromResult<IConsumerClient>(new Queue { _group = groupName });

        public Task SubscribeAsync(IEnumerable<string> topics) => Task.CompletedTask;

        public async Task ListeningAsync(TimeSpan timeout, CancellationToken cancellationToken)
        {
            await foreach (var message in Messages.Reader.ReadAllAsync(cancellationToken))
            {
                message.Headers["cap-msg-group"] = _group;
                await OnMessageCallback!(message, null);
            }
        }

        public Task CommitAsync(object? sender) => Task.CompletedTask;

        public Task RejectAsync(object? sender) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
