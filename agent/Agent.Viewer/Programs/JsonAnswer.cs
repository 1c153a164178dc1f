using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Programs;

/// <summary>A response whose body is written as JSON straight into the connection's buffer; disposing it sends the rest.</summary>
sealed class JsonAnswer : IAsyncDisposable
{
    const int FullBytes = 64 << 10;
    readonly HttpContext _context;

    public JsonAnswer(HttpContext context, string type = "application/json")
    {
        _context = context;
        context.Response.ContentType = type;
        Json = new Utf8JsonWriter(context.Response.BodyWriter);
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Sends what is written if it is much: call it between parts of something long, so that a slow client does not fill the memory.</summary>
    public ValueTask SendIfMuchAsync() => Json.BytesPending + _context.Response.BodyWriter.UnflushedBytes > FullBytes ? SendAsync() : ValueTask.CompletedTask;

    /// <summary>Sends what is written.</summary>
    public async ValueTask SendAsync()
    {
        Json.Flush();
        await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
    }

    /// <summary>Ends a line, after which another value can be written.</summary>
    public void EndLine()
    {
        Json.Flush();
        Json.Reset();
        var buffer = _context.Response.BodyWriter;
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_context.RequestAborted.IsCancellationRequested)
            await SendAsync();
        await Json.DisposeAsync();
    }
}
