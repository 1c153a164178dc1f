using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Agent.Benchmarks;

/// <summary>The collector: takes OTLP over HTTP, counts, keeps nothing.</summary>
sealed class TraceSink : IAsyncDisposable
{
    readonly WebApplication _server;
    readonly ConcurrentDictionary<string, OtlpCount> _counts = [];

    TraceSink(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.First());

    /// <summary>Where the app of a configuration is to send its spans.</summary>
    public Uri AddressFor(Configuration configuration) => new(Address, configuration.Key);

    /// <summary>What has arrived since it was forgotten.</summary>
    public OtlpCount Count(Configuration configuration) => _counts.GetValueOrDefault(configuration.Key);

    /// <summary>Counts anew, before an app is started.</summary>
    public void Forget(Configuration configuration) => _counts.TryRemove(configuration.Key, out _);

    public static async Task<TraceSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new TraceSink(builder.Build());
        sink._server.MapPost("/{key}/v1/traces", sink.Receive);
        await sink._server.StartAsync();
        return sink;
    }

    async Task Receive(HttpContext context, string key)
    {
        using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(body);
        var count = OtlpCount.Of(body.GetBuffer().AsSpan(0, (int)body.Length));
        _counts.AddOrUpdate(key, count, (_, before) => before + count);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
