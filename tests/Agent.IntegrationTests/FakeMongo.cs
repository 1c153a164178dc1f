using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what MongoDB answers to a driver that introduces itself and to a command: that it has been done, or, if «nobody» is in it, that it may not be done.</summary>
sealed class FakeMongo : IDisposable
{
    const int Query = 2004, Reply = 1, Message = 2013;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeMongo()
    {
        _listener.Start();
        _ = Accept();
    }

    public string Address => $"mongodb://{_listener.LocalEndpoint}/?directConnection=true";

    public void Dispose() => _listener.Dispose();

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
        }
    }

    static async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var header = new byte[16];
                while (true)
                {
                    await stream.ReadExactlyAsync(header);
                    var body = new byte[Int(header, 0) - header.Length];
                    await stream.ReadExactlyAsync(body);
                    await stream.WriteAsync(Answer(Int(header, 4), Int(header, 12), body));
                }
            }
            catch (Exception e) when (e is EndOfStreamException or IOException)
            {
            }
        }
    }

    static byte[] Answer(int request, int code, byte[] body)
    {
        byte[] document = body.AsSpan().IndexOf("nobody"u8) >= 0 ? Document(("ok", 0.0), ("errmsg", "not allowed"), ("code", 13), ("codeName", "Unauthorized"))
            : Document(("ok", 1.0), ("n", 1), ("helloOk", true), ("isWritablePrimary", true), ("ismaster", true), ("maxBsonObjectSize", 16_777_216), ("maxMessageSizeBytes", 48_000_000), ("maxWriteBatchSize", 100_000), ("minWireVersion", 0), ("maxWireVersion", 21), ("readOnly", false));
        return code == Query ? [.. Header(Reply, 20), .. new byte[16], .. Bytes(1), .. document] : [.. Header(Message, 5), .. new byte[5], .. document];

        byte[] Header(int kind, int before) => [.. Bytes(16 + before + document.Length), .. Bytes(0), .. Bytes(request), .. Bytes(kind)];
    }

    /// <summary>As BSON.</summary>
    static byte[] Document(params (string Name, object Value)[] fields)
    {
        byte[] all = [.. fields.SelectMany(static field => (byte[])[TypeOf(field.Value), .. Encoding.UTF8.GetBytes(field.Name), 0, .. ValueOf(field.Value)])];
        return [.. Bytes(all.Length + 5), .. all, 0];

        static byte TypeOf(object value) => value switch { double => 1, string => 2, bool => 8, _ => 16 };

        static byte[] ValueOf(object value) => value switch
        {
            double number => BitConverter.GetBytes(number),
            string text => [.. Bytes(text.Length + 1), .. Encoding.ASCII.GetBytes(text), 0],
            bool yes => [yes ? (byte)1 : (byte)0],
            _ => Bytes((int)value),
        };
    }

    static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    static byte[] Bytes(int value) => BitConverter.GetBytes(value);
}
