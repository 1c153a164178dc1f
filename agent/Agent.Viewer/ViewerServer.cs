using System.Net;
using Agent.Viewer.Otlp;
using Agent.Viewer.Pages;
using Agent.Viewer.Programs;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Viewer;

/// <summary>
/// The viewer: receives OTLP, keeps traces, shows them as pages and answers programs. It writes nothing to the console, reads no
/// configuration, and leaves Ctrl+C and SIGTERM to the process it lives in. All members are thread-safe.
/// </summary>
public sealed class ViewerServer : IAsyncDisposable
{
    readonly WebApplication _server;

    ViewerServer(WebApplication server, TraceStore store, ListeningPort web, ListeningPort http, ListeningPort grpc)
    {
        (_server, Store) = (server, store);
        (Endpoint, HttpEndpoint, GrpcEndpoint) = (web.Uri, http.Uri, grpc.Uri);
    }

    /// <summary>What has been received.</summary>
    public TraceStore Store { get; }

    /// <summary>The base address of pages and APIs.</summary>
    public Uri Endpoint { get; }

    /// <summary>The base address for OTLP over HTTP; senders add /v1/traces.</summary>
    public Uri HttpEndpoint { get; }

    /// <summary>The address for gRPC.</summary>
    public Uri GrpcEndpoint { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">
    /// A port is taken, may not be opened, or is given twice, or the folder cannot be used; the message says which and what to do.
    /// </exception>
    public static async Task<ViewerServer> StartAsync(ViewerOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ViewerOptions();
        var store = new TraceStore(options.MemoryBytes, options.DataFolder, options.DataBytes, options.Complain);
        var web = new ListeningPort("--port", options.Address, options.Port, HttpProtocols.Http1);
        var http = new ListeningPort("--http-port", options.Address, options.HttpPort, HttpProtocols.Http1);
        var grpc = new ListeningPort("--grpc-port", options.Address, options.GrpcPort, HttpProtocols.Http2);
        try
        {
            var server = await PortServer.StartAsync([web, http, grpc], Add, Map, cancellation);
            return new ViewerServer(server, store, web, http, grpc);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        void Add(IServiceCollection services)
        {
            services.AddSingleton(store).AddSingleton(options);
            OtlpGrpcService.AddTo(services, store);
        }

        void Map(WebApplication routes)
        {
            var otlp = new OtlpHttpEndpoint(store);
            routes.Use(new Admission(options).AdmitAsync);
            routes.Use((context, next) => context.Connection.LocalPort == http.Number ? otlp.AnswerAsync(context) : next(context));
            OtlpGrpcService.Map(routes);
            ViewerPages.Map(routes);
            ProgramApis.Map(routes);
        }
    }

    /// <summary>Finishes what is being received, for 5 seconds at most, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        Store.Dispose();
    }
}
