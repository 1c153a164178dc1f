using System.Text.Json;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Programs;

/// <summary>A viewer on free ports, and what programs do with it.</summary>
sealed class Viewer : IAsyncDisposable
{
    readonly ViewerServer _server;
    readonly Exporter _exporter;
    readonly CancellationToken _cancellation;

    Viewer(ViewerServer server, CancellationToken cancellation)
    {
        (_server, _cancellation) = (server, cancellation);
        _exporter = new Exporter(server.HttpEndpoint);
        Client = new HttpClient { BaseAddress = server.Endpoint };
    }

    public HttpClient Client { get; }

    public Uri Endpoint => _server.Endpoint;

    public static async Task<Viewer> StartAsync(TestContext context, params IEnumerable<ReceivedSpan> spans)
    {
        var options = new ViewerOptions { Port = 0, HttpPort = 0, GrpcPort = 0 };
        var viewer = new Viewer(await ViewerServer.StartAsync(options, context.CancellationToken), context.CancellationToken);
        await viewer.SendAsync(spans);
        return viewer;
    }

    /// <summary>Sends spans as an exporter does.</summary>
    public async Task SendAsync(params IEnumerable<ReceivedSpan> spans) =>
        Assert.StartsWith("200 ", await _exporter.PostAsync(Otlp.Request(spans).ToByteArray(), _cancellation));

    /// <summary>Status and body.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), _cancellation);
        var text = await response.Content.ReadAsStringAsync(_cancellation);
        Assert.AreEqual("application/json", response.Content.Headers.ContentType?.MediaType, text);
        using var json = JsonDocument.Parse(text); // whatever comes is JSON
        return $"{(int)response.StatusCode} {text}";
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.StartsWith("200 ", answer);
        return JsonElement.Parse(answer[4..]);
    }

    public async Task<string> PostAsync(string path, string body, string type)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = new(type);
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), content, _cancellation);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(_cancellation)}";
    }

    /// <summary>Posts OTLP's JSON where exporters do.</summary>
    public async Task<string> ExportAsync(string json)
    {
        using var content = new StringContent(json);
        content.Headers.ContentType = new("application/json");
        using var response = await Client.PostAsync(new Uri(_server.HttpEndpoint, "/v1/traces"), content, _cancellation);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(_cancellation)}";
    }

    /// <summary>Returns when the answer has begun: nothing that is sent afterwards is missed.</summary>
    public async Task<Follower> FollowAsync(string path)
    {
        var response = await Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _cancellation);
        Assert.AreEqual("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        return new Follower(response, new StreamReader(await response.Content.ReadAsStreamAsync(_cancellation)), _cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _exporter.Dispose();
        await _server.DisposeAsync();
    }
}
