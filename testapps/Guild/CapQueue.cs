using System.Threading.Channels;
using DotNetCore.CAP;
using DotNetCore.CAP.Messages;
using DotNetCore.CAP.Transport;

namespace Guild;

/// <summary>CAP's messages travel in memory; Lookout has this file, too.</summary>
sealed class CapQueue : ITransport, IConsumerClientFactory, IConsumerClient
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

    public Task<IConsumerClient> CreateAsync(string groupName, byte groupConcurrent) => Task.FromResult<IConsumerClient>(new CapQueue { _group = groupName });

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
