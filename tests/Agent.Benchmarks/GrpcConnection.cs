using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Agent.Benchmarks;

/// <summary>
/// An HTTP/2 connection to Greeter, for one call after the other. As little of HTTP/2 as that takes: a client that is complete would need more
/// CPU than the app that is measured.
/// </summary>
sealed class GrpcConnection : IConnection
{
    const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, GoAway = 7, WindowUpdate = 8;
    const byte EndStream = 1, EndHeaders = 4, Acknowledged = 1;
    const int FrameHead = 9;

    // No table of headers, so that those of the answers can be compared as they are; no pushes; and room for all answers there may ever be.
    static readonly byte[] Greeting = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]), .. Frame(WindowUpdate, 0, [0x7F, 0xFF, 0, 0])];
    static readonly byte[] Acknowledgement = Frame(Settings, Acknowledged, []);

    // By HPACK's static table: POST, http, :path, :authority, content-type; then a name of its own.
    static readonly byte[] CallHeaders = Frame(Headers, EndHeaders,
        [0x83, 0x86, 0x04, .. Text("/greet.Greeter/SayHello"u8), 0x01, .. Text("127.0.0.1"u8), 0x0F, 0x10, .. Text("application/grpc"u8), 0x00, .. Text("te"u8), .. Text("trailers"u8)]);
    // Not compressed, four bytes of length, the message's first field.
    static readonly byte[] CallData = Frame(Data, EndStream, [0, 0, 0, 0, 7, 0x0A, .. Text("world"u8)]);
    static readonly byte[] Succeeded = [.. Text("grpc-status"u8), .. Text("0"u8)];

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _call = [.. CallHeaders, .. CallData];
    readonly byte[] _received = new byte[4096];
    int _from, _to; // what of it has not been looked at
    int _stream = -1;

    public static async Task<IConnection> Connect(Uri app)
    {
        var connection = new GrpcConnection();
        try
        {
            await connection._socket.ConnectAsync(app.Host, app.Port);
            await connection._socket.SendAsync(Greeting);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async Task Ask()
    {
        _stream += 2;
        BinaryPrimitives.WriteInt32BigEndian(_call.AsSpan(5), _stream);
        BinaryPrimitives.WriteInt32BigEndian(_call.AsSpan(CallHeaders.Length + 5), _stream);
        await _socket.SendAsync(_call);
        while (true)
        {
            var (type, flags, payload) = await Next();
            if (type == Settings && flags != Acknowledged)
                await _socket.SendAsync(Acknowledgement);
            if (type is ResetStream or GoAway)
                throw new LoadException($"It ended a gRPC call with HTTP/2 frame {type}, code {Convert.ToHexString(payload.Span)}");
            if (type != Headers || (flags & EndStream) == 0)
                continue;
            if (payload.Span.IndexOf(Succeeded) < 0)
                throw new LoadException($"It answered a gRPC call with another status than OK: {string.Concat(Encoding.ASCII.GetString(payload.Span).Where(character => !char.IsControl(character)))}");
            return;
        }
    }

    /// <summary>The next frame; valid until the one after it.</summary>
    async ValueTask<(byte Type, byte Flags, ReadOnlyMemory<byte> Payload)> Next()
    {
        await Receive(FrameHead);
        var head = _received.AsMemory(_from, FrameHead);
        var length = head.Span[0] << 16 | head.Span[1] << 8 | head.Span[2];
        var (type, flags) = (head.Span[3], head.Span[4]);
        await Receive(FrameHead + length);
        var payload = _received.AsMemory(_from + FrameHead, length);
        _from += FrameHead + length;
        return (type, flags, payload);
    }

    /// <summary>Waits until so much is there.</summary>
    async ValueTask Receive(int length)
    {
        if (_to - _from >= length)
            return;
        _received.AsSpan(_from.._to).CopyTo(_received);
        (_from, _to) = (0, _to - _from);
        while (_to < length)
        {
            var received = await _socket.ReceiveAsync(_received.AsMemory(_to));
            _to += received > 0 ? received : throw new LoadException("It has closed the connection, or answers more than there is room for");
        }
    }

    static byte[] Frame(byte type, byte flags, byte[] payload) => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];

    /// <summary>Behind its length, as in HPACK and Protocol Buffers.</summary>
    static byte[] Text(ReadOnlySpan<byte> text) => [(byte)text.Length, .. text];

    public Task Close()
    {
        _socket.Shutdown(SocketShutdown.Both);
        return Task.CompletedTask;
    }

    public void Dispose() => _socket.Dispose();
}
