using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.Instrumentations.Messaging;

/// <summary>The connection of an MQTTnet client.</summary>
static class MqttConnection
{
    const string Adapter = "MQTTnet.Adapter.IMqttChannelAdapter, MQTTnet", Formatter = "MQTTnet.Formatter.MqttPacketFormatterAdapter, MQTTnet";
    const string Options = "MQTTnet.MqttClientOptions, MQTTnet", Channel = "MQTTnet.IMqttClientChannelOptions, MQTTnet";
    const string Tcp = "MQTTnet.MqttClientTcpOptions, MQTTnet", WebSocket = "MQTTnet.MqttClientWebSocketOptions, MQTTnet";

    /// <summary>An enum whose values are the protocol's own.</summary>
    static Func<object, int>? s_version;

    /// <summary>User properties came with MQTT 5; in older versions the library refuses a message that has them.</summary>
    /// <param name="adapter">The IMqttChannelAdapter: options may have changed since the client was connected.</param>
    public static bool HasUserProperties(object adapter)
    {
        var formatter = FormatterOf(adapter);
        return (s_version ??= Reader<int>.Of(formatter.GetType(), "ProtocolVersion"))?.Invoke(formatter) >= 5;
    }

    /// <summary>The broker's host and port, as the app has said it; null if that is some other kind of place.</summary>
    /// <param name="options">The MqttClientOptions.</param>
    public static (string Host, int Port)? Broker(object options)
    {
        var channel = ChannelOptions(options);
        switch (channel.GetType().Name)
        {
            case "MqttClientTcpOptions":
                return EndPointOf(channel) switch
                {
                    DnsEndPoint name => (name.Host, name.Port),
                    IPEndPoint address => (address.Address.ToString(), address.Port),
                    _ => null,
                };
            case "MqttClientWebSocketOptions":
                return Uri.TryCreate(UriOf(channel), UriKind.Absolute, out var uri) ? (uri.Host, uri.Port) : null;
            default:
                return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_PacketFormatterAdapter")]
    [return: UnsafeAccessorType(Formatter)]
    static extern object FormatterOf([UnsafeAccessorType(Adapter)] object adapter);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ChannelOptions")]
    [return: UnsafeAccessorType(Channel)]
    static extern object ChannelOptions([UnsafeAccessorType(Options)] object options);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RemoteEndpoint")]
    static extern EndPoint? EndPointOf([UnsafeAccessorType(Tcp)] object channel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Uri")]
    static extern string? UriOf([UnsafeAccessorType(WebSocket)] object channel);
}
