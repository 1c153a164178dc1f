using System.Net.WebSockets;
using System.Text;
using Agent.IntegrationTests;

namespace Agent.Benchmarks;

/// <summary>A connection to Chat's hub, for one call after the other.</summary>
sealed class HubConnection(WebSocket socket) : IConnection
{
    static readonly byte[] Call = [.. """{"type":1,"invocationId":"1","target":"Echo","arguments":["hello"]}"""u8, (byte)HubProtocol.End];

    readonly byte[] _received = new byte[4096];

    public static async Task<IConnection> Connect(Uri app)
    {
        var socket = await HubProtocol.Connect(app, "/chat");
        await HubProtocol.Greet(socket);
        return new HubConnection(socket);
    }

    public async Task Ask()
    {
        await socket.SendAsync(Call, WebSocketMessageType.Text, endOfMessage: true, default);
        var length = 0;
        do
            length += (await socket.ReceiveAsync(_received.AsMemory(length), default)).Count;
        while (!IsAnswer(_received.AsSpan(0, length)));
    }

    /// <summary>Whether the call's completion is there, and whole.</summary>
    static bool IsAnswer(ReadOnlySpan<byte> received)
    {
        if (received is not [.., (byte)HubProtocol.End])
            return received.IsEmpty ? throw new LoadException("It has closed the connection") : false;
        var isAnswer = false;
        foreach (var range in received.Split((byte)HubProtocol.End))
        {
            var message = received[range];
            if (message.StartsWith("""{"type":3,"""u8) && message.IndexOf("\"error\":"u8) < 0)
                isAnswer = true;
            else if (!message.IsEmpty && !message.StartsWith("""{"type":6"""u8)) // a ping
                throw new LoadException($"It answered a hub call with {Encoding.UTF8.GetString(message)}");
        }
        return isAnswer;
    }

    public Task Close() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);

    public void Dispose() => socket.Dispose();
}
