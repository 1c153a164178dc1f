using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>
/// A browser's side of a Blazor circuit, without a browser: SignalR's MessagePack messages over a WebSocket. Acknowledges what the server
/// draws, as a browser does, and answers every call of JavaScript with nothing.
/// </summary>
sealed partial class Circuit : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly ClientWebSocket _socket = new();
    readonly CancellationTokenSource _patience = new();
    readonly byte[] _buffer = new byte[16384];
    readonly List<byte> _received = [];
    readonly List<object?[]> _messages = []; // since the last call began
    long _events; // the reference through which events are dispatched
    int _calls;

    /// <summary>A reference that the app has handed to a script; 0 if there is none yet.</summary>
    public long Reference { get; private set; }

    /// <summary>The number of what the server has drawn last.</summary>
    public long Drawn { get; private set; }

    /// <summary>Loads a page and makes its first interactive component so. Returns when it has been drawn and the app has called a script.</summary>
    public static async Task<Circuit> Start(HttpClient client, Uri address)
    {
        var page = await client.GetStringAsync(address);
        var circuit = new Circuit();
        await circuit.Connect(address, Marker().Match(page).Groups[1].Value);
        return circuit;
    }

    async Task Connect(Uri address, string marker)
    {
        _patience.CancelAfter(Patience);
        await _socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor" }.Uri, default);
        await _socket.SendAsync(Encoding.UTF8.GetBytes("""{"protocol":"blazorpack","version":1}""" + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, default);
        await Receive();
        if (Encoding.UTF8.GetString(_received.ToArray()) is not "{}\u001e" and var answer)
            throw new IOException($"The server has answered the handshake with {answer}");
        _received.Clear();
        await Call("StartCircuit", new Uri(address, "/").ToString(), address.ToString(), "[]", "");
        await Call("UpdateRootComponents", JsonSerializer.Serialize(new
        {
            batchId = 1,
            operations = new[] { new { type = "add", ssrComponentId = 1, marker = JsonDocument.Parse(marker).RootElement } },
        }), "");
        await Until(_ => _events > 0 && Reference > 0);
    }

    /// <summary>Dispatches an event. Returns when the server has handled it: false if that has failed.</summary>
    /// <param name="handler">The renderer numbers handlers in the order of the markup.</param>
    /// <param name="name">Of the event in JavaScript.</param>
    /// <param name="args">Its properties.</param>
    public async Task<bool> Dispatch(int handler, string name, object args) => await End(null, "DispatchEventAsync", _events,
        JsonSerializer.Serialize(new object[] { new { eventHandlerId = handler, eventName = name, eventFieldInfo = (object?)null }, args })) is [_, true, _];

    /// <summary>Calls a [JSInvokable] method, and gives its result or error as the server sends it.</summary>
    public async Task<string?> Invoke(string? assembly, string method, long reference, string args) =>
        await End(assembly, method, reference, args) is [_, _, var result] ? result as string : null;

    /// <summary>Calls a [JSInvokable] method: its call, whether it has succeeded, and its result or error. Null if it has ended the circuit.</summary>
    async Task<object?[]?> End(string? assembly, string method, long reference, string args)
    {
        _messages.Clear();
        _patience.CancelAfter(Patience);
        var id = $"{++_calls}";
        await Call("BeginInvokeDotNetFromJS", id, assembly, method, reference, args);
        var ended = await Until(message => message is [1L, _, _, "JS.EndInvokeDotNet", object?[] and [string call, ..], ..] && call == id || IsError(message));
        return ended is [_, _, _, "JS.EndInvokeDotNet", object?[] how, ..] ? how : null;
    }

    static bool IsError(object?[] message) => message is [1L, _, _, "JS.Error", ..];

    /// <summary>Calls a method of the hub and waits until it has returned.</summary>
    async Task Call(string method, params object?[] args)
    {
        var id = $"{method} {++_calls}";
        await Send(1, new Dictionary<string, string>(), id, method, args);
        await Until(message => message is [3L, _, string call, ..] && call == id);
    }

    /// <summary>The first message so far that is the one, or the next that is. A call may have been answered before it has returned.</summary>
    async Task<object?[]> Until(Func<object?[], bool> isIt)
    {
        while (true)
        {
            if (_messages.Find(message => isIt(message)) is { } found)
                return found;
            await Receive();
            while (Next() is { } message)
            {
                await Answer(message);
                _messages.Add(message);
            }
        }
    }

    async Task Answer(object?[] message)
    {
        switch (message)
        {
            case [1L, _, _, "JS.RenderBatch", object?[] and [long batch, ..], ..]:
                Drawn = batch;
                await Send(1, new Dictionary<string, string>(), null, "OnRenderCompleted", new object?[] { batch, null });
                break;
            case [1L, _, _, "JS.BeginInvokeJS", object?[] and [long call, string method, string args, ..], ..]:
                if (DotNetObject().Match(args) is { Success: true } reference)
                {
                    var id = long.Parse(reference.Groups[1].Value);
                    if (method == "Blazor._internal.attachWebRendererInterop")
                        _events = id;
                    else
                        Reference = id;
                }
                await Send(1, new Dictionary<string, string>(), null, "EndInvokeJSFromDotNet", new object?[] { call, true, $"[{call},true,null]" });
                break;
        }
    }

    /// <summary>Sends a message behind its length, seven bits a byte.</summary>
    async Task Send(params object?[] message)
    {
        var bytes = MessagePack.Write(message);
        var length = new List<byte>();
        for (var rest = bytes.Length; ; rest >>= 7)
        {
            length.Add((byte)(rest < 0x80 ? rest : rest & 0x7F | 0x80));
            if (rest < 0x80)
                break;
        }
        await _socket.SendAsync((byte[])[.. length, .. bytes], WebSocketMessageType.Binary, endOfMessage: true, default);
    }

    async Task Receive()
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(), _patience.Token);
        if (received.MessageType == WebSocketMessageType.Close)
            throw new IOException("The server has closed the connection.");
        _received.AddRange(_buffer.AsSpan(0, received.Count));
    }

    object?[]? Next()
    {
        var (length, at) = (0, 0);
        do
        {
            if (at == _received.Count)
                return null;
            length |= (_received[at] & 0x7F) << (7 * at);
        }
        while ((_received[at++] & 0x80) != 0);
        if (_received.Count < at + length)
            return null;
        ReadOnlySpan<byte> bytes = _received.GetRange(at, length).ToArray();
        _received.RemoveRange(0, at + length);
        return (object?[]?)MessagePack.Read(ref bytes);
    }

    /// <summary>Closes the connection as a browser does that leaves the page.</summary>
    public Task Close() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }

    [GeneratedRegex("""<!--Blazor:(\{"type":"server".*?\})-->""")]
    private static partial Regex Marker();

    [GeneratedRegex("""__dotNetObject":(\d+)""")]
    private static partial Regex DotNetObject();
}
