#!/usr/bin/env bash
# DotNetCore.CAP 10.0.2: a subscriber that fails with an OperationCanceledException, such as the TaskCanceledException of an HttpClient whose time is over, counts as
# one that has succeeded: the message's state becomes Succeeded, it is not tried again, and nothing is logged, although nobody has cancelled anything. Any
# other exception makes it Failed, and is retried. One expects that only a cancellation of the token that the subscriber was given is passed over.
# The store and the transport are a minimal pair in memory, written against the library's own interfaces.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="DotNetCore.CAP" Version="10.0.2" />
  </ItemGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.Threading.Channels;
using DotNetCore.CAP;
using DotNetCore.CAP.Internal;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Monitoring;
using DotNetCore.CAP.Persistence;
using DotNetCore.CAP.Serialization;
using DotNetCore.CAP.Transport;
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders().AddProvider(new Counting());
builder.Services.AddTransient<Subscriber>();
builder.Services.AddCap(cap =>
{
    cap.FailedRetryCount = 0;
    cap.RegisterExtension(new InMemory());
});
using var host = builder.Build();
await host.StartAsync();
foreach (var what in new[] { "timeout", "bug" })
{
    Storage.Ended = new();
    await host.Services.GetRequiredService<ICapPublisher>().PublishAsync("work", what);
    Console.WriteLine($"{what}: {await Storage.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30))}, {Counting.Errors} errors logged");
}
await host.StopAsync();

sealed class Subscriber : ICapSubscribe
{
    [CapSubscribe("work")]
    public async Task Handle(string what)
    {
        if (what == "bug")
            throw new InvalidOperationException();
        using var server = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0); // accepts, and never answers
        server.Start();
        using var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(100) };
        await client.GetStringAsync($"http://{server.LocalEndpoint}/");
    }
}

sealed class Counting : ILoggerProvider, ILogger
{
    public static int Errors;

    public ILogger CreateLogger(string category) => this;

    public IDisposable BeginScope<T>(T state) where T : notnull => null;

    public bool IsEnabled(LogLevel level) => level >= LogLevel.Warning;

    public void Log<T>(LogLevel level, EventId id, T state, Exception e, Func<T, Exception, string> format)
    {
        if (e is not null)
            Errors++;
    }

    public void Dispose()
    {
    }
}

sealed class InMemory : ICapOptionsExtension
{
    public void AddServices(IServiceCollection services) => services
        .AddSingleton(new CapStorageMarkerService("memory")).AddSingleton(new CapMessageQueueMakerService("memory"))
        .AddSingleton<IDataStorage, Storage>().AddSingleton<IStorageInitializer, Storage>()
        .AddSingleton<ITransport, Queue>().AddSingleton<IConsumerClientFactory, Queue>();
}

sealed class Storage(ISerializer serializer) : IDataStorage, IStorageInitializer
{
    static int s_last;

    public static TaskCompletionSource<StatusName> Ended = new();

    public Task ChangeReceiveStateAsync(MediumMessage message, StatusName state)
    {
        Ended.TrySetResult(state);
        return Task.CompletedTask;
    }

    public Task InitializeAsync(CancellationToken token) => Task.CompletedTask;
    public string GetPublishedTableName() => "published";
    public string GetReceivedTableName() => "received";
    public string GetLockTableName() => "lock";
    public Task<bool> AcquireLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token) => Task.FromResult(true);
    public Task ReleaseLockAsync(string key, string instance, CancellationToken token) => Task.CompletedTask;
    public Task RenewLockAsync(string key, TimeSpan ttl, string instance, CancellationToken token) => Task.CompletedTask;
    public Task ChangePublishStateToDelayedAsync(string[] ids) => Task.CompletedTask;
    public Task ChangePublishStateAsync(MediumMessage message, StatusName state, object transaction) => Task.CompletedTask;
    public Task<MediumMessage> StoreMessageAsync(string name, Message content, object transaction) => Store(content);
    public Task StoreReceivedExceptionMessageAsync(string name, string group, string content) => Task.CompletedTask;
    public Task<MediumMessage> StoreReceivedMessageAsync(string name, string group, Message content) => Store(content);
    public Task<int> DeleteExpiresAsync(string table, DateTime timeout, int count, CancellationToken token) => Task.FromResult(0);
    public Task<IEnumerable<MediumMessage>> GetPublishedMessagesOfNeedRetry(TimeSpan lookback) => Task.FromResult<IEnumerable<MediumMessage>>([]);
    public Task ScheduleMessagesOfDelayedAsync(Func<object, IEnumerable<MediumMessage>, Task> schedule, CancellationToken token) => Task.CompletedTask;
    public Task<IEnumerable<MediumMessage>> GetReceivedMessagesOfNeedRetry(TimeSpan lookback) => Task.FromResult<IEnumerable<MediumMessage>>([]);
    public Task<int> DeleteReceivedMessageAsync(long id) => Task.FromResult(0);
    public Task<int> DeletePublishedMessageAsync(long id) => Task.FromResult(0);
    public IMonitoringApi GetMonitoringApi() => throw new NotSupportedException();

    Task<MediumMessage> Store(Message message) => Task.FromResult(new MediumMessage { DbId = $"{++s_last}", Origin = message, Content = serializer.Serialize(message), Added = DateTime.Now });
}

sealed class Queue : ITransport, IConsumerClientFactory, IConsumerClient
{
    static readonly Channel<TransportMessage> Messages = Channel.CreateUnbounded<TransportMessage>();

    string _group = "";

    public BrokerAddress BrokerAddress => new("memory", "");
    public Func<TransportMessage, object, Task> OnMessageCallback { get; set; }
    public Action<LogMessageEventArgs> OnLogCallback { get; set; }

    public async Task<OperateResult> SendAsync(TransportMessage message)
    {
        await Messages.Writer.WriteAsync(message);
        return OperateResult.Success;
    }

    public async Task ListeningAsync(TimeSpan timeout, CancellationToken token)
    {
        await foreach (var message in Messages.Reader.ReadAllAsync(token))
        {
            message.Headers["cap-msg-group"] = _group;
            await OnMessageCallback(message, null);
        }
    }

    public Task<IConsumerClient> CreateAsync(string group, byte concurrent) => Task.FromResult<IConsumerClient>(new Queue { _group = group });
    public Task SubscribeAsync(IEnumerable<string> topics) => Task.CompletedTask;
    public Task CommitAsync(object sender) => Task.CompletedTask;
    public Task RejectAsync(object sender) => Task.CompletedTask;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
CS
dotnet build -v quiet --nologo -p:OutputPath=out > build.log 2>&1 || { cat build.log; exit 1; }
seen=$(dotnet out/probe.dll)
echo "$seen"
[ "$seen" = "$(printf 'timeout: Succeeded, 0 errors logged\nbug: Failed, 1 errors logged')" ]
