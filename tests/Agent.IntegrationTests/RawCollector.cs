using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Takes OTLP over HTTP and keeps the bytes as they came.</summary>
sealed class RawCollector : IDisposable
{
    readonly HttpListener _listener = new();
    readonly MemoryStream _received = new();

    public RawCollector()
    {
        Address = $"http://127.0.0.1:{TestApp.FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Receive();
    }

    public string Address { get; }

    /// <summary>Whether these characters are anywhere in what was received: names, attributes, events, links, resource.</summary>
    public bool Has(string text) => At(text) >= 0;

    /// <summary>What stands around the first place where they are, for a failure's message.</summary>
    public string Around(string text)
    {
        var at = At(text);
        if (at < 0)
            return "";
        lock (_received)
            return Encoding.Latin1.GetString(_received.GetBuffer().AsSpan(0, (int)_received.Length)[Math.Max(0, at - 60)..Math.Min(at + 60, (int)_received.Length)]);
    }

    int At(string text)
    {
        lock (_received)
            return _received.GetBuffer().AsSpan(0, (int)_received.Length).IndexOf(Encoding.UTF8.GetBytes(text));
    }

    public void Dispose() => _listener.Close();

    async Task Receive()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception) when (!_listener.IsListening)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            lock (_received)
                body.WriteTo(_received);
            context.Response.Close(); // only now, so that an app that has ended has been heard
        }
    }
}
