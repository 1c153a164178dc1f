using System.Buffers.Binary;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Agent.CommandLine;

/// <summary>
/// The port that the runtime of a process listens to for diagnostics (dotnet/diagnostics, documentation/design-docs/ipc-protocol.md): a socket in a folder for
/// temporary files, for the same user and root; on Windows a named pipe.
/// </summary>
/// <param name="path">The socket's path, or the pipe's.</param>
sealed partial class DiagnosticsPort(string path)
{
    /// <summary>Where Windows has its named pipes.</summary>
    public const string Pipes = @"\\.\pipe\";

    /// <summary>The set of commands about the process.</summary>
    public const byte ProcessSet = 4;

    const int HeaderLength = 20;
    const byte GetEnvironment = 2;
    const byte ServerSet = 0xFF, Ok = 0x00, EventPipeSet = 0x02, StopTracing = 0x01, CollectTracing2 = 0x03;
    const uint NetTrace = 1, BufferInMb = 16;

    static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

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
        var end = System.Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        var isThere = false;
        try
        {
            while (!isThere && System.Environment.TickCount64 < end)
            {
                if (length == bytes.Length)
                    Array.Resize(ref bytes, length * 2);
                var count = connection.Read(bytes.AsSpan(length));
                if (count == 0)
                    break;
                length += count;
                isThere = read(bytes.AsMemory(0, length));
            }
        }
        catch (IOException)
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

    /// <summary>The variables that the process has now.</summary>
    /// <exception cref="DiagnosticsException">There is no answer, or it is an error.</exception>
    public Dictionary<string, string> Environment(TimeSpan timeout)
    {
        var answer = SendForStream(ProcessSet, GetEnvironment, [], timeout);
        var at = 4 + 2; // the length of what follows the answer, and two bytes for later
        var count = BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(at));
        at += 4;
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var variable = TakeText(answer, ref at);
            if (variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
                variables.TryAdd(variable[..end], variable[(end + 1)..]);
        }
        return variables;
    }

    /// <summary>The text at a place, which is moved behind it.</summary>
    public static string TakeText(byte[] bytes, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) * 2;
        var text = Encoding.Unicode.GetString(bytes, at + 4, length).TrimEnd('\0');
        at += 4 + length;
        return text;
    }

    /// <summary>A text as the protocol has it: its length with the zero at its end, in UTF-16.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write(text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }

    /// <summary>Whether Windows has a pipe of that name that can be asked now. It cannot always list them.</summary>
    public static bool IsPipe(string path) => WaitNamedPipe(path, 1);

    [LibraryImport("kernel32", EntryPoint = "WaitNamedPipeW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WaitNamedPipe(string name, uint milliseconds);

    Stream Connect(TimeSpan timeout)
    {
        Socket? connection = null;
        try
        {
            if (OperatingSystem.IsWindows())
                return new PipeStream(path[Pipes.Length..], timeout);
            connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(path));
            return new NetworkStream(connection, ownsSocket: true) { ReadTimeout = (int)timeout.TotalMilliseconds, WriteTimeout = (int)timeout.TotalMilliseconds };
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new DiagnosticsException(e is SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException
                ? "it belongs to another user; the same user or root may ask it"
                : $"its diagnostics port {path} cannot be reached ({e.Message})");
        }
    }

    /// <summary>A named pipe of this machine. .NET's own has no time limits.</summary>
    sealed class PipeStream : Stream
    {
        readonly NamedPipeClientStream _pipe;
        readonly TimeSpan _timeout;

        /// <exception cref="TimeoutException">There is no such pipe, or it is busy for as long.</exception>
        public PipeStream(string name, TimeSpan timeout)
        {
            (_pipe, _timeout) = (new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous), timeout);
            try
            {
                _pipe.Connect(timeout);
            }
            catch
            {
                _pipe.Dispose();
                throw;
            }
        }

        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Within(stop => _pipe.ReadAsync(buffer.AsMemory(offset, count), stop).AsTask());

        public override void Write(byte[] buffer, int offset, int count) => Within(async stop =>
        {
            await _pipe.WriteAsync(buffer.AsMemory(offset, count), stop).ConfigureAwait(false);
            return 0;
        });

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        T Within<T>(Func<CancellationToken, Task<T>> work)
        {
            using var stop = new CancellationTokenSource(_timeout);
            try
            {
                return work(stop.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                throw new IOException($"not within {_timeout.TotalSeconds} s");
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _pipe.Dispose();
            base.Dispose(disposing);
        }
    }

    static byte[] Send(Stream connection, byte set, byte command, byte[] payload)
    {
        Write(connection, set, command, payload);
        return ReadAnswer(connection);
    }

    static void Write(Stream connection, byte set, byte command, byte[] payload)
    {
        var message = new byte[HeaderLength + payload.Length];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (set, command);
        payload.CopyTo(message, HeaderLength);
        connection.Write(message);
    }

    static byte[] ReadAnswer(Stream connection)
    {
        var header = ReadExactly(connection, HeaderLength);
        if (!header.AsSpan().StartsWith(Magic))
            throw new DiagnosticsException("its diagnostics port speaks another protocol");
        var payload = ReadExactly(connection, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - HeaderLength);
        if (header[16] == ServerSet && header[17] == Ok)
            return payload;
        throw new DiagnosticsException("its runtime has refused", payload.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(payload) : 0);
    }

    static byte[] ReadExactly(Stream connection, int length)
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

    static int Receive(Stream connection, Span<byte> bytes)
    {
        try
        {
            return connection.Read(bytes);
        }
        catch (IOException e)
        {
            throw new DiagnosticsException($"its runtime gave no answer ({e.Message})");
        }
    }

    static void Drain(Stream connection)
    {
        try
        {
            var rest = new byte[1 << 16];
            while (connection.Read(rest) > 0)
            {
            }
        }
        catch (IOException)
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
