using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Takes OTLP over HTTP and keeps the bytes as they came.</summary>
sealed class RawCollector : IDisposable
{
    readonly MemoryStream _received = new();
    readonly HttpSite _site;

    public RawCollector() => _site = new HttpSite(Receive);

    public string Address => _site.Address;

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

    public void Dispose() => _site.Dispose();

    async Task Receive(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        lock (_received)
            body.WriteTo(_received);
        context.Response.Close(); // only now, so that an app that has ended has been heard
    }
}
