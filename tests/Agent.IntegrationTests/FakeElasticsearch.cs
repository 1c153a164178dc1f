using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what Elasticsearch answers when a document is stored or looked for.</summary>
sealed class FakeElasticsearch : IDisposable
{
    readonly HttpListener _listener = new();

    public FakeElasticsearch()
    {
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Answer();
    }

    public string Address { get; } = $"http://127.0.0.1:{TestApp.FreePort()}/";

    public void Dispose() => _listener.Close();

    async Task Answer()
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
            const string result = "\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}";
            var body = context.Request.Url!.AbsolutePath.EndsWith("/_search", StringComparison.Ordinal)
                ? "{" + result + ",\"took\":1,\"timed_out\":false,\"hits\":{\"hits\":[]}}"
                : "{" + result + ",\"_index\":\"books\",\"_id\":\"1\",\"_version\":1,\"result\":\"created\"}";
            context.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
            context.Response.ContentType = "application/vnd.elasticsearch+json;compatible-with=9";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
