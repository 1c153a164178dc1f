using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Otlp;

/// <summary>A request's body that counts what was read of it until the request ends: gRPC gathers a message before it hands it on.</summary>
sealed class MeteredBody(Stream body, BytesInWork work) : Stream
{
    int _read;

    /// <summary>Answers a request of gRPC.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next, BytesInWork work)
    {
        var body = new MeteredBody(context.Request.Body, work);
        context.Request.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            work.Remove(body._read);
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="RpcException">Too much is being received.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        _read += count;
        return work.Add(count) ? count : throw new RpcException(new Status(StatusCode.Unavailable, BytesInWork.Refusal));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
