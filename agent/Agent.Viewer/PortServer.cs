using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Agent.Viewer;

/// <summary>
/// A web server with a port for each purpose. It writes nothing to the console, reads no configuration, and leaves Ctrl+C and SIGTERM to
/// the process it lives in.
/// </summary>
static class PortServer
{
    // More than anybody looks or sends with; each one costs memory.
    const int MaxConnections = 1000;

    /// <summary>Starts one.</summary>
    /// <param name="ports">What it listens at.</param>
    /// <param name="services">Adds what the endpoints need.</param>
    /// <param name="map">Says how requests are answered.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">A port is taken, may not be opened, or is given twice; the message says which and what to do.</exception>
    public static async Task<WebApplication> StartAsync(
        IReadOnlyList<ListeningPort> ports, Action<IServiceCollection> services, Action<WebApplication> map, CancellationToken cancellation)
    {
        foreach (var (i, port) in ports.Index())
        {
            if (port.Number != 0 && ports.Take(i).FirstOrDefault(other => other.Number == port.Number) is { } same)
                throw new IOException($"Port {port.Number} cannot serve two purposes; choose different ones with {same.Option} and {port.Option}.");
        }

        // The empty builder reads no appsettings.json and no ASPNETCORE_*: those belong to the process we live in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // each endpoint keeps to its own limit, and says so
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            foreach (var port in ports)
                kestrel.Listen(port.Address, port.Number, endpoint => (port.Opened = endpoint).Protocols = port.Protocols);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services(builder.Services);
        var server = builder.Build();
        try
        {
            map(server);
            await server.StartAsync(cancellation);
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            if (failure is IOException or SocketException)
            {
                foreach (var port in ports)
                    ThrowIfClosed(port, failure);
            }

            throw;
        }
    }

    // Kestrel does not say in a uniform way which of the ports it could not open, so they are tried.
    static void ThrowIfClosed(ListeningPort port, Exception failure)
    {
        try
        {
            using var listener = new TcpListener(port.Address, port.Number);
            listener.Start();
        }
        catch (SocketException closed)
        {
            var isTaken = closed.SocketErrorCode == SocketError.AddressAlreadyInUse;
            var reason = isTaken ? $"is taken{PortOwner.Of(port.Number)}" : $"cannot be opened ({closed.Message})";
            throw new IOException($"Port {port.Number} on {port.Address} {reason}; choose another one with {port.Option}, 0 for any free one.", failure);
        }
    }

    /// <summary>Instead of ConsoleLifetime, which would take over Ctrl+C and SIGTERM of the whole process.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
