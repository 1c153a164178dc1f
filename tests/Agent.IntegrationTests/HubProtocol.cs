using System.Net.WebSockets;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>As much of SignalR's JSON protocol as the tests and benchmarks speak, over a WebSocket.</summary>
static class HubProtocol
{
    /// <summary>The end of a message.</summary>
    public const char End = '\u001e';

    public static async Task<ClientWebSocket> Connect(Uri address, string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = path }.Uri, default);
        return socket;
    }

    /// <summary>The handshake of a hub.</summary>
    public static async Task Greet(WebSocket socket)
    {
        await Send(socket, """{"protocol":"json","version":1}""");
        await Heard(socket, "{}");
    }

    public static Task Send(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, default);

    /// <summary>Listens until all of this has been said, in any order; all that has been said.</summary>
    public static async Task<string> Heard(WebSocket socket, params string[] expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (heard, buffer) = (new StringBuilder(), new byte[4096]);
        while (!expected.All(heard.ToString().Contains))
        {
            var received = await Receive();
            if (received.MessageType == WebSocketMessageType.Close)
                throw new IOException($"The connection was closed; heard so far: {heard}");
            heard.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }
        return heard.ToString();

        async Task<ValueWebSocketReceiveResult> Receive()
        {
            try
            {
                return await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not heard: {string.Join(", ", expected)}; heard so far: {heard}");
            }
        }
    }
}
