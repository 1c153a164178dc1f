using System.Net;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Agent.Viewer;

/// <summary>
/// The viewer: receives OTLP, keeps traces, shows them as pages and answers programs. It writes nothing to the console, reads no
/// configuration, and leaves Ctrl+C and SIGTERM to the process it lives in. All members are thread-safe.
/// </summary>
public sealed class ViewerServer : IAsyncDisposable
{
    readonly WebApplication _server;

    ViewerServer(WebApplication server, TraceStore store, ListenOptions web, ListenOptions http, ListenOptions grpc)
    {
        (_server, Store) = (server, store);
        (Endpoint, HttpEndpoint, GrpcEndpoint) = (Address(web), Address(http), Address(grpc));
    }

    /// <summary>What has been received.</summary>
    public TraceStore Store { get; }

    /// <summary>The base address of pages and APIs.</summary>
    public Uri Endpoint { get; }

    /// <summary>The base address for http/protobuf; senders add /v1/traces.</summary>
    public Uri HttpEndpoint { get; }

    /// <summary>The address for gRPC.</summary>
    public Uri GrpcEndpoint { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">A port is taken, may not be opened, or is given twice; the message says which and what to do.</exception>
    public static async Task<ViewerServer> StartAsync(ViewerOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ViewerOptions();
        var store = new TraceStore();
        ListenOptions? web = null, http = null, grpc = null;

        // The empty builder reads no appsettings.json and no ASPNETCORE_*: those belong to the process we live in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // both protocols keep to MaxRequestBytes themselves, and say so
            kestrel.Listen(options.Address, options.Port, endpoint => (web = endpoint).Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.Address, options.HttpPort, endpoint => (http = endpoint).Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.Address, options.GrpcPort, endpoint => (grpc = endpoint).Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc(service => service.MaxReceiveMessageSize = OtlpReceiver.MaxRequestBytes);
        builder.Services.AddSingleton<ISpanSink>(store);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var server = builder.Build();
        var otlp = new OtlpHttpEndpoint(store);
        server.Use((context, next) => context.Connection.LocalPort == http!.IPEndPoint!.Port ? otlp.AnswerAsync(context) : next(context));
        server.MapGrpcService<OtlpGrpcService>();
        Pages.ViewerPages.Map(server);
        Programs.ProgramApis.Map(server);
        await server.StartAsync(cancellation);
        return new ViewerServer(server, store, web!, http!, grpc!);
    }

    /// <summary>Finishes what is being received, for 5 seconds at most, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    static Uri Address(ListenOptions endpoint) => new($"http://{(endpoint.IPEndPoint!.Address.Equals(IPAddress.Loopback) ? "127.0.0.1" : endpoint.IPEndPoint.Address)}:{endpoint.IPEndPoint.Port}");

    /// <summary>Instead of ConsoleLifetime, which would take over Ctrl+C and SIGTERM of the whole process.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
