using System.IO.Compression;
using System.Net.Http.Headers;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests;

/// <summary>Sends to a receiver what an OpenTelemetry exporter sends, or something broken.</summary>
sealed class Exporter(Uri endpoint) : IDisposable
{
    readonly HttpClient _client = new() { BaseAddress = endpoint };

    /// <summary>A request with one span of the given name, or with the given span.</summary>
    public static ExportTraceServiceRequest Request(string name) => Request(new Span
    {
        TraceId = Bytes(16, 0xaa),
        SpanId = Bytes(8, 0x01),
        Name = name,
        StartTimeUnixNano = 1_000_000,
        EndTimeUnixNano = 3_000_000,
    });

    public static ExportTraceServiceRequest Request(Span span) => new()
    {
        ResourceSpans =
        {
            new ResourceSpans
            {
                Resource = new Resource
                {
                    Attributes = { new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = "shop" } } },
                },
                ScopeSpans = { new ScopeSpans { Scope = new InstrumentationScope { Name = "scope", Version = "1.2" }, Spans = { span } } },
            },
        },
    };

    public static ByteString Bytes(int count, byte value) => ByteString.CopyFrom([.. Enumerable.Repeat(value, count)]);

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Posts to /v1/traces; answers with status, content type and body in one text, for example <c>200 application/x-protobuf</c>.</summary>
    public async Task<string> PostAsync(
        byte[] body, CancellationToken cancellation, string type = "application/x-protobuf", string? encoding = null, string path = "/v1/traces")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType} {text}".Trim();
    }

    /// <summary>Likewise, answers with the body.</summary>
    public async Task<byte[]> PostForBytesAsync(byte[] body, CancellationToken cancellation) => (await PostForStatusAsync(body, cancellation)).Answer;

    /// <summary>Likewise, answers with status and body.</summary>
    public async Task<(int Status, byte[] Answer)> PostForStatusAsync(byte[] body, CancellationToken cancellation, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-protobuf");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await _client.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    public Task<string> GetAsync(string path, CancellationToken cancellation) =>
        _client.GetStringAsync(new Uri(path, UriKind.Relative), cancellation);

    public void Dispose() => _client.Dispose();
}
