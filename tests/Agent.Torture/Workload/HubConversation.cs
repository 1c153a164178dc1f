using System.Net.WebSockets;
using System.Text;

namespace Agent.Torture.Workload;

/// <summary>The client's side of SignalR's JSON protocol, as far as the workload needs it.</summary>
sealed class HubConversation(ClientWebSocket socket, CancellationToken stop)
{
    const char EndOfMessage = '\u001e';
    const string Ping = """{"type":6}""";

    readonly Queue<string> _heard = [];
    readonly byte[] _buffer = new byte[4_096];

    public Task Say(string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, stop);

    /// <summary>The next message that is not a ping; one frame may bring several.</summary>
    public async Task<string> Hear()
    {
        while (_heard.Count == 0)
        {
            var (length, isEnd) = (0, false);
            while (!isEnd)
            {
                var received = await socket.ReceiveAsync(_buffer.AsMemory(length), stop);
                (length, isEnd) = (length + received.Count, received.EndOfMessage);
            }
            foreach (var message in Encoding.UTF8.GetString(_buffer, 0, length).Split(EndOfMessage, StringSplitOptions.RemoveEmptyEntries))
            {
                if (message != Ping)
                    _heard.Enqueue(message);
            }
        }
        return _heard.Dequeue();
    }
}
