using System.IO.Compression;
using Agent.Viewer.Protos;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer;

/// <summary>OTLP over HTTP: <c>POST /v1/traces</c>. Whatever is refused is refused with a sentence that says why.</summary>
sealed class OtlpHttpEndpoint(ISpanSink sink)
{
    public const string Path = "/v1/traces";
    const string Protobuf = "application/x-protobuf";

    public static Task DescribeAsync(HttpContext context) => context.Response.WriteAsync($"OTLP receiver of Agent.Viewer: POST {Path}\n");

    public static Task RefuseOtherPathAsync(HttpContext context) => AnswerAsync(
        context,
        StatusCodes.Status404NotFound,
        $"There is no {context.Request.Method} {context.Request.Path} here; this receiver takes traces only: POST {Path}.");

    public Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("POST", Path) => ReceiveAsync(context),
        ("GET", "/") => DescribeAsync(context),
        _ => RefuseOtherPathAsync(context),
    };

    public async Task ReceiveAsync(HttpContext context)
    {
        var (type, encoding) = (MediaType(context.Request), context.Request.Headers.ContentEncoding.ToString());
        var isGzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!type.Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type '{type}' is not accepted; send {Protobuf} (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf).");
        }
        else if (!isGzip && encoding is not ("" or "identity"))
        {
            await AnswerAsync(
                context, StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{encoding}' is not accepted; send gzip or none.");
        }
        else
        {
            await ReceiveAsync(context, isGzip);
        }
    }

    async Task ReceiveAsync(HttpContext context, bool isGzip)
    {
        var step = isGzip ? "gzip" : Protobuf;
        try
        {
            using var body = await ReadAsync(context.Request.Body, isGzip, context.RequestAborted);
            if (body is null)
            {
                await AnswerAsync(
                    context, StatusCodes.Status413PayloadTooLarge, $"The body is larger than {OtlpReceiver.MaxRequestBytes >> 20} MiB.");
                return;
            }

            step = Protobuf;
            sink.Add(body.GetBuffer().AsMemory(0, (int)body.Length));
        }
        catch (InvalidDataException broken)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, $"The body is not valid {step}: {broken.Message}");
            return;
        }

        context.Response.ContentType = Protobuf;
        await context.Response.Body.WriteAsync(new ExportTraceServiceResponse().ToByteArray(), context.RequestAborted);
    }

    /// <summary>The body without its compression, from its start; null if it is larger than allowed (a small gzip can hold a lot).</summary>
    static async Task<MemoryStream?> ReadAsync(Stream body, bool isGzip, CancellationToken cancellation)
    {
        await using var source = isGzip ? new GZipStream(body, CompressionMode.Decompress) : body;
        var content = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = await source.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + count > OtlpReceiver.MaxRequestBytes)
                return null;
            content.Write(buffer, 0, count);
        }

        content.Position = 0;
        return content;
    }

    static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim();

    static Task AnswerAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n");
    }
}
