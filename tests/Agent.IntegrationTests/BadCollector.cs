using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>A collector that does with each request what a test says.</summary>
sealed class BadCollector : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly Func<BadCollector, NetworkStream, Task> _answer;
    readonly List<TaskCompletionSource> _asked = [];
    readonly List<TcpClient> _connections = [];
    readonly Task _listening;
    int _requests;

    /// <param name="answer">Writes to the connection, waits, or closes it.</param>
    /// <param name="port">0 for a free one.</param>
    public BadCollector(Func<BadCollector, NetworkStream, Task> answer, int port = 0)
    {
        _answer = answer;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _listening = Listen();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Ends the waiting of answers that wait for it.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when so many requests have come.</summary>
    public Task Asked(int times)
    {
        lock (_asked)
        {
            while (_asked.Count < times)
            {
                _asked.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
                if (_asked.Count <= _requests)
                    _asked[^1].SetResult();
            }
            return _asked[times - 1].Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>An answer in HTTP/1.1.</summary>
    public static Func<BadCollector, NetworkStream, Task> Http(string status, string headers = "", string body = "") =>
        (_, stream) => stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}")).AsTask();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Release.TrySetResult();
        lock (_connections)
        {
            foreach (var connection in _connections)
                connection.Dispose();
        }
        await _listening;
    }

    async Task Listen()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync();
                lock (_connections)
                    _connections.Add(connection);
                serving.Add(Serve(connection.GetStream()));
            }
        }
        catch (SocketException)
        {
            // stopped
        }
        await Task.WhenAll(serving);
    }

    async Task Serve(NetworkStream stream)
    {
        try
        {
            while (await Head(stream) is { } head)
            {
                lock (_asked)
                {
                    if (_requests++ < _asked.Count)
                        _asked[_requests - 1].SetResult();
                }
                var body = head.Split("Content-Length: ") is [_, var length] ? new byte[int.Parse(length.Split('\r')[0], CultureInfo.InvariantCulture)] : [];
                await stream.ReadExactlyAsync(body);
                await _answer(this, stream);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // one of the two has closed the connection
        }
    }

    /// <summary>Null at the end of the connection.</summary>
    static async Task<string?> Head(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
