using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Agent.CommandLine;

/// <summary>
/// The port that the runtime of a process listens to for diagnostics (dotnet/diagnostics, documentation/design-docs/ipc-protocol.md): a socket in a folder for
/// temporary files, for the same user and root.
/// </summary>
/// <param name="socket">The socket's path.</param>
sealed class DiagnosticsPort(string socket)
{
    const int HeaderLength = 20;
    const byte ServerSet = 0xFF, Ok = 0x00, EventPipeSet = 0x02, StopTracing = 0x01, CollectTracing2 = 0x03;
    const uint NetTrace = 1, BufferInMb = 16;

    static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    /// <summary>The socket's path.</summary>
    public string Socket => socket;

    /// <summary>Sends a command and returns what the runtime answers.</summary>
    /// <param name="set">The set of commands.</param>
    /// <param name="command">Which one of them.</param>
    /// <param name="payload">Its arguments.</param>
    /// <param name="timeout">How long the runtime may take for the answer.</param>
    /// <returns>The answer's payload.</returns>
    /// <exception cref="DiagnosticsException">There is no answer, or it is an error.</exception>
    public byte[] Send(byte set, byte command, byte[] payload, TimeSpan timeout)
    {
        using var connection = Connect(timeout);
        return Send(connection, set, command, payload);
    }

    /// <summary>The same for a command whose answer is followed by more.</summary>
    /// <returns>The answer's payload and all that follows.</returns>
    /// <exception cref="DiagnosticsException">There is no answer, or it is an error.</exception>
    public byte[] SendForStream(byte set, byte command, byte[] payload, TimeSpan timeout)
    {
        using var connection = Connect(timeout);
        using var all = new MemoryStream();
        all.Write(Send(connection, set, command, payload));
        var bytes = new byte[1 << 16];
        while (Receive(connection, bytes) is > 0 and var count)
            all.Write(bytes, 0, count);
        return all.ToArray();
    }

    /// <summary>
    /// Starts a session with one event source and reads until it has written what is looked for; ends the session then.
    /// </summary>
    /// <param name="source">The source's name.</param>
    /// <param name="arguments">What it is told, as name=value.</param>
    /// <param name="read">Gets all that has come so far; true ends it.</param>
    /// <param name="timeout">How long that may take.</param>
    /// <returns>Whether it has come.</returns>
    /// <exception cref="DiagnosticsException">There is no session.</exception>
    public bool Trace(string source, string arguments, Func<ReadOnlyMemory<byte>, bool> read, TimeSpan timeout)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.Unicode, leaveOpen: true))
        {
            writer.Write(BufferInMb);
            writer.Write(NetTrace);
            writer.Write(false); // no list of all methods at the end
            writer.Write(1); // one source
            writer.Write(-1L); // all keywords
            writer.Write(5); // all levels
            WriteText(writer, source);
            WriteText(writer, arguments);
        }
        using var connection = Connect(timeout);
        var session = BinaryPrimitives.ReadInt64LittleEndian(Send(connection, EventPipeSet, CollectTracing2, payload.ToArray()));
        var (bytes, length) = (new byte[1 << 16], 0);
        var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        var isThere = false;
        try
        {
            while (!isThere && Environment.TickCount64 < end)
            {
                if (length == bytes.Length)
                    Array.Resize(ref bytes, length * 2);
                var count = connection.Receive(bytes.AsSpan(length));
                if (count == 0)
                    break;
                length += count;
                isThere = read(bytes.AsMemory(0, length));
            }
        }
        catch (SocketException)
        {
            // too late
        }
        finally
        {
            var id = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(id, session);
            using var stop = Connect(timeout);
            Write(stop, EventPipeSet, StopTracing, id);
            Drain(connection);
            ReadAnswer(stop);
        }
        return isThere;
    }

    /// <summary>A text as the protocol has it: its length with the zero at its end, in UTF-16.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write(text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }

    Socket Connect(TimeSpan timeout)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)timeout.TotalMilliseconds, SendTimeout = (int)timeout.TotalMilliseconds };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return connection;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            connection.Dispose();
            throw new DiagnosticsException(e is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? "it belongs to another user; the same user or root may ask it"
                : $"its diagnostics socket {socket} cannot be reached ({e.Message})");
        }
    }

    static byte[] Send(Socket connection, byte set, byte command, byte[] payload)
    {
        Write(connection, set, command, payload);
        return ReadAnswer(connection);
    }

    static void Write(Socket connection, byte set, byte command, byte[] payload)
    {
        var message = new byte[HeaderLength + payload.Length];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (set, command);
        payload.CopyTo(message, HeaderLength);
        connection.Send(message);
    }

    static byte[] ReadAnswer(Socket connection)
    {
        var header = ReadExactly(connection, HeaderLength);
        if (!header.AsSpan().StartsWith(Magic))
            throw new DiagnosticsException("its diagnostics socket speaks another protocol");
        var payload = ReadExactly(connection, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - HeaderLength);
        if (header[16] == ServerSet && header[17] == Ok)
            return payload;
        throw new DiagnosticsException("its runtime has refused", payload.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(payload) : 0);
    }

    static byte[] ReadExactly(Socket connection, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var count = Receive(connection, bytes.AsSpan(at));
            if (count == 0)
                throw new DiagnosticsException("its runtime has closed the connection");
            at += count;
        }
        return bytes;
    }

    static int Receive(Socket connection, Span<byte> bytes)
    {
        try
        {
            return connection.Receive(bytes);
        }
        catch (SocketException e)
        {
            throw new DiagnosticsException($"its runtime gave no answer ({e.Message})");
        }
    }

    static void Drain(Socket connection)
    {
        try
        {
            var rest = new byte[1 << 16];
            while (connection.Receive(rest) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // the process has ended
        }
    }
}

/// <summary>The runtime of a process could not be asked, or has refused. The message is the end of a sentence.</summary>
/// <param name="message">Why.</param>
/// <param name="code">The runtime's error, an HRESULT; 0 if it gave none.</param>
sealed class DiagnosticsException(string message, int code = 0) : Exception(message)
{
    /// <summary>The runtime's error, an HRESULT; 0 if it gave none.</summary>
    public int Code => code;
}
