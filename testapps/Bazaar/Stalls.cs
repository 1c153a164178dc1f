using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Bazaar;

/// <summary>Is filled within a span of the app's own, and starts a loop that goes on for the life of the process, and has work when the bell rings.</summary>
sealed class Carpets(Action<string> run) : IHostedService
{
    static readonly ActivitySource Source = new("Bazaar");

    static readonly Channel<TaskCompletionSource<string>> Rings = Channel.CreateUnbounded<TaskCompletionSource<string>>();

    public static async Task<string> Ring()
    {
        var rung = new TaskCompletionSource<string>();
        await Rings.Writer.WriteAsync(rung);
        return await rung.Task;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using (Source.StartActivity("hang carpets"))
            run("SELECT 'hung'");
        _ = Sell();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task Sell()
    {
        await foreach (var ring in Rings.Reader.ReadAllAsync())
        {
            run("SELECT 'sold'");
            ring.SetResult(Activity.Current is null ? "sold" : $"sold in {Activity.Current.OperationName}");
        }
    }
}

/// <summary>Are there before the host says that it has started: somebody else's request, and one that the app sends itself.</summary>
sealed class Visitors(IServer server) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var stalls = new Uri(new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/stalls");
        using var somebodyElse = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        await somebodyElse.GetStringAsync(stalls, cancellationToken);
        using var app = new HttpClient();
        await app.GetStringAsync(stalls, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Cannot be set up.</summary>
sealed class Closed(Action<string> run) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        run("SELECT 'nobody is here'");
        throw new InvalidOperationException("It is Sunday.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
