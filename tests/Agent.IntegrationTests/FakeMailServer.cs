using System.Net;
using System.Net.Sockets;

namespace Agent.IntegrationTests;

/// <summary>Takes mail as SMTP says, but none for nobody.</summary>
sealed class FakeMailServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeMailServer()
    {
        _listener.Start();
        _ = Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    async Task Listen()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Talk(client);
        }
    }

    static async Task Talk(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 fake");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync() is not ("." or null)) { }
                await writer.WriteLineAsync("250 taken");
            }
            else
                await writer.WriteLineAsync(line.StartsWith("RCPT", StringComparison.Ordinal) && line.Contains("nobody", StringComparison.Ordinal) ? "550 nobody is not here" : line == "QUIT" ? "221 bye" : "250 ok");
        }
    }
}
