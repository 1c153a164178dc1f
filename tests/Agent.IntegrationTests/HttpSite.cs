using System.Net;

namespace Agent.IntegrationTests;

/// <summary>A site on a free port of this machine, whose requests a function answers, one after the other.</summary>
sealed class HttpSite : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Func<HttpListenerContext, Task> _answer;

    /// <param name="answer">Also closes the response.</param>
    public HttpSite(Func<HttpListenerContext, Task> answer)
    {
        _answer = answer;
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Listen();
    }

    public string Address { get; } = $"http://127.0.0.1:{TestApp.FreePort()}/";

    public void Dispose() => _listener.Close();

    async Task Listen()
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
            await _answer(context);
        }
    }
}
