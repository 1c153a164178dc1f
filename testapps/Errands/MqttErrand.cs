using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Errands;

/// <summary>Two devices: one asks, the other does it and says so. Also one whose broker refuses a message, and one whose broker goes.</summary>
sealed class MqttErrand(Uri broker)
{
    readonly MqttClientFactory _factory = new();
    readonly TaskCompletionSource _disconnected = new();
    IMqttClient? _left;

    public async Task<string> Run(string errand, MqttProtocolVersion version, MqttQualityOfServiceLevel quality)
    {
        using var asking = await Connect(version);
        using var doing = await Connect(version);
        var properties = new ConcurrentBag<string>();
        var published = new TaskCompletionSource();
        asking.ApplicationMessageReceivedAsync += answer =>
        {
            Work.Of(errand).Do(answer.ApplicationMessage.ConvertPayloadToString());
            return Task.CompletedTask;
        };
        doing.ApplicationMessageReceivedAsync += async received =>
        {
            foreach (var property in received.ApplicationMessage.UserProperties ?? [])
                properties.Add(property.Name);
            await doing.PublishStringAsync("devices/1/done", received.ApplicationMessage.ConvertPayloadToString(), quality);
            published.SetResult();
            if (errand == "hopeless")
                throw new InvalidOperationException("Nobody can do that.");
        };
        await asking.SubscribeAsync("devices/+/done", quality);
        await doing.SubscribeAsync("devices/+/errand", quality);
        var message = new MqttApplicationMessage { Topic = "devices/1/errand", PayloadSegment = System.Text.Encoding.UTF8.GetBytes(errand), QualityOfServiceLevel = quality };
        if (version == MqttProtocolVersion.V500)
            message.UserProperties = [new MqttUserProperty("own", "1"u8.ToArray())];
        await asking.PublishAsync(message);
        var done = await Work.Of(errand).Done;
        await published.Task; // the answer may be here before the broker has told the other device that it has it
        await doing.DisconnectAsync();
        await asking.DisconnectAsync();
        var own = message.UserProperties?.Count ?? 0;
        return properties.Count(property => property == "own") == own ? $"{done}, with {own} of its own" : "The message is not as it was.";
    }

    /// <summary>The broker answers that this may not be published.</summary>
    public async Task<string> Refused()
    {
        using var client = await Connect(MqttProtocolVersion.V500);
        var result = await client.PublishStringAsync("locked/1/errand", "bread", MqttQualityOfServiceLevel.AtLeastOnce);
        await client.DisconnectAsync();
        return $"{result.ReasonCode}";
    }

    /// <summary>Connects a client that is still there when the broker is not.</summary>
    public async Task<string> Leave()
    {
        _left = await Connect(MqttProtocolVersion.V500);
        _left.DisconnectedAsync += _ =>
        {
            _disconnected.TrySetResult();
            return Task.CompletedTask;
        };
        return "left";
    }

    public async Task<string> Gone()
    {
        await _disconnected.Task.WaitAsync(TimeSpan.FromSeconds(30));
        try
        {
            return $"{(await _left!.PublishStringAsync("devices/1/errand", "bread")).ReasonCode}";
        }
        catch (MQTTnet.Exceptions.MqttClientNotConnectedException)
        {
            return "not connected";
        }
    }

    async Task<IMqttClient> Connect(MqttProtocolVersion version)
    {
        var client = _factory.CreateMqttClient();
        var options = _factory.CreateClientOptionsBuilder().WithProtocolVersion(version);
        options = broker.Scheme == "ws" ? options.WithWebSocketServer(server => server.WithUri(broker.ToString())) : options.WithTcpServer(broker.Host, broker.Port);
        await client.ConnectAsync(options.Build());
        return client;
    }
}
