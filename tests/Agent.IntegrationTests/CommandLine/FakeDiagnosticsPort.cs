using System.Net.Sockets;
using System.Text;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>Serves a process's diagnostics port as its runtime would, if it had one: says what it is, and refuses everything else.</summary>
sealed class FakeDiagnosticsPort : IDisposable
{
    /// <summary>Command 4 of set 4.</summary>
    public const int GetProcessInfo2 = 0x0404;

    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly List<int> _commands = [];
    readonly byte[] _info;

    /// <param name="folder">The folder for temporary files that the process has.</param>
    /// <param name="process">The process.</param>
    /// <param name="architecture">What it says of itself.</param>
    /// <param name="app">The same.</param>
    /// <param name="runtime">The same.</param>
    public FakeDiagnosticsPort(string folder, int process, string architecture, string app, string runtime)
    {
        using var info = new MemoryStream();
        using (var writer = new BinaryWriter(info, Encoding.Unicode, leaveOpen: true))
        {
            writer.Write(new byte[8 + 16]);
            foreach (var text in (string[])["sleep 600", "Linux", architecture, app, runtime])
            {
                writer.Write(text.Length + 1);
                writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
            }
        }
        _info = info.ToArray();
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        _socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, $"dotnet-diagnostic-{process}-{started}-socket")));
        _socket.Listen();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>What it was told so far, set and command in one number.</summary>
    public int[] Commands
    {
        get
        {
            lock (_commands)
                return [.. _commands];
        }
    }

    void Serve()
    {
        try
        {
            while (true)
            {
                using var connection = _socket.Accept();
                var message = new byte[1 << 16];
                connection.Receive(message);
                var command = message[16] << 8 | message[17];
                lock (_commands)
                    _commands.Add(command);
                var payload = command == GetProcessInfo2 ? _info : BitConverter.GetBytes(unchecked((int)0x80131384)); // unknown command
                byte[] header = [.. message[..14], .. BitConverter.GetBytes((ushort)(20 + payload.Length)), 0xFF, (byte)(command == GetProcessInfo2 ? 0 : 0xFF), 0, 0];
                connection.Send([.. header, .. payload]);
            }
        }
        catch (SocketException)
        {
            // disposed
        }
    }

    public void Dispose() => _socket.Dispose();
}
