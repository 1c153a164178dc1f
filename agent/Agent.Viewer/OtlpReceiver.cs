using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        if (options.HttpPort == options.GrpcPort && options.HttpPort != 0)
        {
            throw new IOException(
                $"Port {options.HttpPort} cannot serve both HTTP and gRPC; choose different ones with --http-port and --grpc-port.");
        }

        var intake = new SpanIntake(options.SpanCapacity);
        ListenOptions? http = null, grpc = null;

        // The empty builder reads no appsettings.json and no ASPNETCORE_*: those belong to the process we live in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // both protocols keep to MaxRequestBytes themselves, and say so
            kestrel.Listen(IPAddress.Loopback, options.HttpPort, endpoint => (http = endpoint).Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, options.GrpcPort, endpoint => (grpc = endpoint).Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc(service => service.MaxReceiveMessageSize = MaxRequestBytes);
        builder.Services.AddSingleton<ISpanSink>(intake);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        var server = builder.Build();
        server.MapGrpcService<OtlpGrpcService>();
        server.MapPost(OtlpHttpEndpoint.Path, new OtlpHttpEndpoint(intake).ReceiveAsync);
        server.MapGet("/", OtlpHttpEndpoint.DescribeAsync);
        server.MapFallback("{*path}", OtlpHttpEndpoint.RefuseOtherPathAsync);
        try
        {
            await server.StartAsync(cancellation);
            return new OtlpReceiver(server, intake, http!.IPEndPoint!.Port, grpc!.IPEndPoint!.Port);
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            if (failure is IOException or SocketException)
            {
                ThrowIfClosed(options.HttpPort, "--http-port", failure);
                ThrowIfClosed(options.GrpcPort, "--grpc-port", failure);
            }

            throw;
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

    // Kestrel does not say in a uniform way which of the two ports it could not open, so they are tried.
    static void ThrowIfClosed(int port, string argument, Exception failure)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException closed)
        {
            var reason = closed.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is taken" : $"cannot be opened ({closed.Message})";
            throw new IOException($"Port {port} on 127.0.0.1 {reason}; choose another one with {argument}, 0 for any free one.", failure);
        }
    }

    /// <summary>Instead of ConsoleLifetime, which would take over Ctrl+C and SIGTERM of the whole process.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
