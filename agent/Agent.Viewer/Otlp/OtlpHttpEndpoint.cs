using System.Buffers;
using System.IO.Compression;
using Agent.Viewer.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Otlp;

/// <summary>OTLP over HTTP: <c>POST /v1/traces</c>. Whatever is refused is refused with a sentence that says why.</summary>
sealed class OtlpHttpEndpoint(ISpanSink sink)
{
    public const string Path = "/v1/traces";
    const string Protobuf = "application/x-protobuf";
    const string Json = "application/json";
    const string JsonLines = "application/x-ndjson";

    // What all requests together may hold until they are taken: many large ones at once must not take the machine's memory.
    const long MaxBytesInWork = 4L * OtlpReceiver.MaxRequestBytes;
    long _bytesInWork;

    /// <summary>Answers any request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value);
        if (path == Path && HttpMethods.IsPost(method))
            return ReceiveAsync(context);
        if (path == Path)
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return SayAsync(context, StatusCodes.Status405MethodNotAllowed, $"{method} {Path} has no meaning; POST sends spans.");
        }

        return path == "/" && HttpMethods.IsGet(method)
            ? SayAsync(context, StatusCodes.Status200OK, $"OTLP receiver of Agent.Viewer: POST {Path}")
            : SayAsync(context, StatusCodes.Status404NotFound, $"There is no {method} {path} here; this receiver takes traces only: POST {Path}.");
    }

    /// <summary>Takes a file: what was exported may have several documents (NDJSON), and one without spans is a mistake.</summary>
    public Task ImportAsync(HttpContext context) => ReceiveAsync(context, isFile: true);

    static Task SayAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }

    static async Task AnswerAsync(HttpContext context, int status, bool isJson, byte[] answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = isJson ? Json : Protobuf;
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    static Task RefuseAsync(HttpContext context, int status, bool isJson, StatusCode code, string sentence) =>
        AnswerAsync(context, status, isJson, isJson ? OtlpAnswer.StatusJson((int)code, sentence) : OtlpAnswer.StatusProtobuf((int)code, sentence));

    static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    async Task ReceiveAsync(HttpContext context, bool isFile = false)
    {
        var (type, encoding) = (MediaType(context.Request), context.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant());
        if (type == JsonLines && isFile)
            type = Json;
        if (type is not (Protobuf or Json))
        {
            await SayAsync(
                context, StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type '{type}' is not accepted; send {Protobuf} (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf) or {Json}.");
        }
        else if (encoding is not ("" or "identity" or "gzip" or "deflate"))
        {
            await RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType, type == Json, StatusCode.InvalidArgument,
                $"Content-Encoding '{encoding}' is not accepted; send gzip, deflate or none.");
        }
        else
        {
            await ReceiveAsync(context, type == Json, isFile, encoding);
        }
    }

    async Task ReceiveAsync(HttpContext context, bool isJson, bool isFile, string encoding)
    {
        var body = new PooledBody();
        var step = encoding is "gzip" or "deflate" ? encoding : isJson ? "JSON" : "protobuf";
        try
        {
            var isWhole = await ReadAsync(context, encoding, body);
            if (!isWhole)
            {
                await RefuseAsync(
                    context, StatusCodes.Status413PayloadTooLarge, isJson, StatusCode.ResourceExhausted, $"The body is larger than {OtlpReceiver.MaxRequestBytes >> 20} MiB.");
                return;
            }

            step = isJson ? "OTLP/JSON" : "protobuf";
            var accepted = sink.Add(isJson ? OtlpJson.ToProtobuf(body.Content.Span, severalDocuments: isFile) : body.Content);
            if (isFile && accepted is { Accepted: 0, Rejected: 0 })
                throw new InvalidDataException("It has no spans; expected is what /api/otlp/traces gives, an object with resourceSpans.");
            await AnswerAsync(context, StatusCodes.Status200OK, isJson, isJson ? OtlpAnswer.Json(accepted) : OtlpAnswer.Protobuf(accepted));
        }
        catch (InvalidDataException broken)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, isJson, StatusCode.InvalidArgument, $"The body is not valid {step}: {broken.Message}");
        }
        catch (TooMuchAtOnceException)
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(
                context, StatusCodes.Status503ServiceUnavailable, isJson, StatusCode.Unavailable, $"{MaxBytesInWork >> 20} MiB are being received already; send it again.");
        }
        catch (StorageException failure)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, isJson, StatusCode.Unavailable, failure.Message);
        }
        catch (BadHttpRequestException bad) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, bad.StatusCode, isJson, StatusCode.InvalidArgument, bad.Message);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // Whoever sends has gone: nobody waits for an answer. (BadHttpRequestException is an IOException.)
        }
        finally
        {
            Interlocked.Add(ref _bytesInWork, -body.Capacity);
            body.Dispose();
        }
    }

    /// <returns>False if it is larger than allowed (a small gzip can hold a lot).</returns>
    async Task<bool> ReadAsync(HttpContext context, string encoding, PooledBody body)
    {
        if (context.Request.ContentLength > OtlpReceiver.MaxRequestBytes)
            return false;
        await using var source = encoding switch
        {
            "gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(context.Request.Body, CompressionMode.Decompress),
            _ => context.Request.Body,
        };
        // One byte more than announced, so that its end is seen without growing.
        Grow(body, encoding.Length == 0 && context.Request.ContentLength is { } length ? (int)length + 1 : 64 << 10);
        while (true)
        {
            var count = await source.ReadAsync(body.Free, context.RequestAborted);
            if (count == 0)
                return true;
            body.Length += count;
            if (body.Length > OtlpReceiver.MaxRequestBytes)
                return false;
            if (body.Length == body.Capacity)
                Grow(body, body.Capacity * 2);
        }
    }

    void Grow(PooledBody body, int capacity)
    {
        var more = body.Grow(capacity);
        if (Interlocked.Add(ref _bytesInWork, more) > MaxBytesInWork)
            throw new TooMuchAtOnceException();
    }

    /// <summary>A body in a borrowed array.</summary>
    sealed class PooledBody : IDisposable
    {
        byte[] _bytes = [];

        public int Length { get; set; }

        public int Capacity => _bytes.Length;

        public Memory<byte> Free => _bytes.AsMemory(Length);

        public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, Length);

        /// <returns>By how much the capacity has grown.</returns>
        public int Grow(int capacity)
        {
            var (old, more) = (_bytes, ArrayPool<byte>.Shared.Rent(capacity));
            old.AsSpan(0, Length).CopyTo(more);
            _bytes = more;
            if (old.Length > 0)
                ArrayPool<byte>.Shared.Return(old);
            return more.Length - old.Length;
        }

        public void Dispose()
        {
            if (_bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    /// <summary>More is being received than may be at once.</summary>
    sealed class TooMuchAtOnceException : Exception;
}
