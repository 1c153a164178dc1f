using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>What an app is asked for under load, and how.</summary>
/// <param name="request">What is asked for, as the report names it.</param>
abstract class Load(string request)
{
    /// <summary>The apps that are asked for something else than a page.</summary>
    static readonly Dictionary<string, Load> OfApp = new()
    {
        ["Chat"] = new ConnectionLoad("hub calls of ChatHub.Echo, JSON over a WebSocket", HubConnection.Connect, connectionRequests: 1),
        ["Counter"] = new ConnectionLoad("clicks on the first button of /tally, in Blazor circuits", CircuitConnection.Connect, connectionRequests: 4),
        ["Greeter"] = new ConnectionLoad("unary gRPC calls of greet.Greeter/SayHello, HTTP/2 without TLS", GrpcConnection.Connect, connectionRequests: 0),
    };

    public string Request => request;

    /// <summary>How many server spans without a parent a connection makes by itself.</summary>
    public virtual int ConnectionRequests => 0;

    /// <param name="app">Null for the Storefront.</param>
    /// <param name="path">A page, whatever the app is; null for what the app is asked for by its name.</param>
    public static Load Of(string? app, string? path) => path is null && app is not null && OfApp.TryGetValue(app, out var load) ? load : new WrkLoad(path ?? "/");

    /// <summary>Sees to it that what makes the load is there.</summary>
    public virtual Task Require(CancellationToken stop) => Task.CompletedTask;

    /// <summary>Asks once, over a connection of its own. Returns when the answer was there (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    /// <exception cref="LoadException">The answer is not the right one.</exception>
    public abstract Task<long> Once(Uri app, CancellationToken stop);

    /// <summary>Opens connections, which ask nothing yet.</summary>
    public abstract Task<Connections> Connect(Uri app, int count, Cores cores, CancellationToken stop);
}

/// <summary>Connections to an app: each asks, waits for the answer, and asks again.</summary>
abstract class Connections : IDisposable
{
    /// <exception cref="LoadException">An answer is not the right one, or does not come.</exception>
    public abstract Task<LoadResult> Run(int seconds, CancellationToken stop);

    /// <summary>Ends them in good order.</summary>
    public virtual Task Close(CancellationToken stop) => Task.CompletedTask;

    /// <summary>Ends them whatever state they are in.</summary>
    public abstract void Dispose();
}

/// <summary>An app under load does not do what it is asked for, so the numbers would mean nothing.</summary>
sealed class LoadException(string message) : Exception(message);
