using System.Globalization;
using DotNetCore.CAP;
using DotNetCore.CAP.Internal;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Monitoring;
using DotNetCore.CAP.Persistence;
using DotNetCore.CAP.Serialization;
using DotNetCore.CAP.Transport;

namespace Guild;

/// <summary>Messages by CAP, whose store and transport are in memory; one that cannot be handled is not tried again.</summary>
static class CapMessages
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("DotNetCore.CAP", LogLevel.None);
        builder.Services.AddTransient<Baker>();
        builder.Services.AddCap(options =>
        {
            options.FailedRetryCount = 0;
            options.RegisterExtension(new InMemory());
        });
    }

    public static void Map(WebApplication app) => app.MapGet("/cap", async (string name, ICapPublisher publisher) =>
    {
        await publisher.PublishAsync("bread", name);
        return await Work.Done(name);
    });

    /// <summary>Hears what is wanted.</summary>
    public sealed class Baker : ICapSubscribe
    {
        readonly Action<string> _bake = Work.Do;

        [CapSubscribe("bread")]
        public async Task Bake(string name)
        {
            await Task.Yield();
            _bake(name);
        }
    }

    sealed class InMemory : ICapOptionsExtension
    {
        public void AddServices(IServiceCollection services)
        {
            services.AddSingleton(new CapStorageMarkerService("memory"));
            services.AddSingleton(new CapMessageQueueMakerService("memory"));
            services.AddSingleton<IDataStorage, Storage>();
            services.AddSingleton<IStorageInitializer, Storage>();
            services.AddSingleton<ITransport, CapQueue>();
            services.AddSingleton<IConsumerClientFactory, CapQueue>();
        }
    }

    /// <summary>Keeps nothing: what is published is sent at once.</summary>
    sealed class Storage(ISerializer serializer) : IDataStorage, IStorageInitializer
    {
        static int s_last;

        public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public string GetPublishedTableName() => "published";

        public string GetReceivedTableName() => "received";

        public string GetLockTableName() => "lock";

        public Task<bool> AcquireLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token = default) => Task.FromResult(true);

        public Task ReleaseLockAsync(string key, string instance, CancellationToken token = default) => Task.CompletedTask;

        public Task RenewLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token = default) => Task.CompletedTask;

        public Task ChangePublishStateToDelayedAsync(string[] ids) => Task.CompletedTask;

        public Task ChangePublishStateAsync(MediumMessage message, StatusName state, object? transaction = null) => Task.CompletedTask;

        public Task ChangeReceiveStateAsync(MediumMessage message, StatusName state) => Task.CompletedTask;

        public Task<MediumMessage> StoreMessageAsync(string name, Message content, object? transaction = null) => Task.FromResult(Store(content));

        public Task StoreReceivedExceptionMessageAsync(string name, string group, string content) => Task.CompletedTask;

        public Task<MediumMessage> StoreReceivedMessageAsync(string name, string group, Message content) => Task.FromResult(Store(content));

        public Task<int> DeleteExpiresAsync(string table, DateTime timeout, int batchCount = 1000, CancellationToken token = default) => Task.FromResult(0);

        public Task<IEnumerable<MediumMessage>> GetPublishedMessagesOfNeedRetry(TimeSpan lookbackSeconds) => Task.FromResult<IEnumerable<MediumMessage>>([]);

        public Task ScheduleMessagesOfDelayedAsync(Func<object, IEnumerable<MediumMessage>, Task> scheduleTask, CancellationToken token = default) => Task.CompletedTask;

        public Task<IEnumerable<MediumMessage>> GetReceivedMessagesOfNeedRetry(TimeSpan lookbackSeconds) => Task.FromResult<IEnumerable<MediumMessage>>([]);

        public Task<int> DeleteReceivedMessageAsync(long id) => Task.FromResult(0);

        public Task<int> DeletePublishedMessageAsync(long id) => Task.FromResult(0);

        public IMonitoringApi GetMonitoringApi() => throw new NotSupportedException();

        MediumMessage Store(Message message) => new()
        {
            DbId = Interlocked.Increment(ref s_last).ToString(CultureInfo.InvariantCulture),
            Origin = message,
            Content = serializer.Serialize(message),
            Added = DateTime.Now,
        };
    }
}
