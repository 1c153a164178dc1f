using System.Net;
using Agent.Viewer.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.Viewer;

/// <summary>
/// Receives traces in the OpenTelemetry protocol on 127.0.0.1, over HTTP (protobuf, also gzip) and over gRPC. It writes nothing to the
/// console, reads no configuration, and leaves Ctrl+C and SIGTERM to the process it lives in. All members are thread-safe.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>The largest request that is taken, in bytes after decompression: 64 MiB.</summary>
    public const int MaxRequestBytes = 64 << 20;

    readonly WebApplication _server;
    readonly SpanIntake _intake;

    OtlpReceiver(WebApplication server, SpanIntake intake, int httpPort, int grpcPort)
    {
        (_server, _intake) = (server, intake);
        HttpEndpoint = new Uri($"http://127.0.0.1:{httpPort}");
        GrpcEndpoint = new Uri($"http://127.0.0.1:{grpcPort}");
    }

    /// <summary>Each accepted request's spans, if it had any. Raised on the request's thread, possibly on several at once.</summary>
    public event Action<IReadOnlyList<ReceivedSpan>>? Received
    {
        add => _intake.Received += value;
        remove => _intake.Received -= value;
    }

    /// <summary>The base address for http/protobuf; senders add /v1/traces.</summary>
    public Uri HttpEndpoint { get; }

    /// <summary>The address for gRPC.</summary>
    public Uri GrpcEndpoint { get; }

    /// <summary>A snapshot of the latest spans in the order of arrival, at most <see cref="OtlpReceiverOptions.SpanCapacity"/>.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => _intake.Spans;

    /// <summary>The size of all accepted requests in bytes, after decompression and without protocol headers.</summary>
    public long BytesReceived => _intake.Bytes;

    /// <summary>How many requests were accepted.</summary>
    public long RequestsReceived => _intake.Requests;

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">A port is taken, may not be opened, or is given twice; the message says which and what to do.</exception>
    public static async Task<OtlpReceiver> StartAsync(OtlpReceiverOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new OtlpReceiverOptions();
        var intake = new SpanIntake(options.SpanCapacity);
        var http = new ListeningPort("--http-port", IPAddress.Loopback, options.HttpPort, HttpProtocols.Http1);
        var grpc = new ListeningPort("--grpc-port", IPAddress.Loopback, options.GrpcPort, HttpProtocols.Http2);
        var server = await PortServer.StartAsync([http, grpc], services => OtlpGrpcService.AddTo(services, intake), Map, cancellation);
        return new OtlpReceiver(server, intake, http.Number, grpc.Number);

        void Map(WebApplication routes)
        {
            var endpoint = new OtlpHttpEndpoint(intake, new BytesInWork());
            routes.Use((context, next) => context.Connection.LocalPort == http.Number ? endpoint.AnswerAsync(context) : next(context));
            OtlpGrpcService.Map(routes);
        }
    }

    /// <summary>
    /// Completes with <see cref="Spans"/> as soon as the condition holds for it. The condition is asked now and after every accepted
    /// request; give a cancellation token that limits the time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The receiver was stopped first.</exception>
    public Task<IReadOnlyList<ReceivedSpan>> WaitForAsync(
        Func<IReadOnlyList<ReceivedSpan>, bool> condition, CancellationToken cancellation = default) =>
        _intake.WaitForAsync(condition, cancellation);

    /// <summary>Finishes what is being received, for 5 seconds at most, and stops listening. <see cref="Spans"/> stays readable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        _intake.Close();
    }
}
