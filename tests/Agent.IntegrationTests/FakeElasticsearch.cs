using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what Elasticsearch answers when a document is stored or looked for.</summary>
sealed class FakeElasticsearch : IDisposable
{
    readonly HttpSite _site = new(Answer);

    public string Address => _site.Address;

    public void Dispose() => _site.Dispose();

    static async Task Answer(HttpListenerContext context)
    {
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
