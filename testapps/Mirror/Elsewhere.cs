using System.Diagnostics;
using System.Net;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;

namespace Mirror;

/// <summary>Code that a request has run beside itself, and what libraries call back.</summary>
static class Elsewhere
{
    static readonly ActivitySource Source = new("Mirror");

    public static async Task Everywhere()
    {
        await Task.Run(() => Glass.Look("Task.Run"));

        var forgotten = new TaskCompletionSource();
        _ = Task.Run(async () =>
        {
            await Task.Yield();
            Glass.Look("fire and forget");
            forgotten.SetResult();
        });
        await forgotten.Task;

        var ticked = new TaskCompletionSource();
        await using (new Timer(_ =>
        {
            Glass.Look("timer");
            ticked.TrySetResult();
        }, null, dueTime: 1, Timeout.Infinite))
        {
            await ticked.Task;
        }

        Task alone;
        using (ExecutionContext.SuppressFlow())
            alone = Task.Run(() => Glass.Look("SuppressFlow"));
        await alone;

        await Command();
        Glass.Look("after a command");

        using (Source.StartActivity("of the app"))
        {
            Glass.Look("own activity");
            await Command();
            Glass.Look("own activity after a command");
        }
        Glass.Look("after the own activity");
        await Traced();
        Glass.Look("after a traced method");
    }

    /// <summary>Traced where the settings say so.</summary>
    public static async Task Traced()
    {
        Glass.Look("traced method");
        await Task.Yield();
        Glass.Look("traced method later");
    }

    /// <summary>Runs a function of the app's inside of the command.</summary>
    static async Task Command()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        connection.CreateFunction("look", () =>
        {
            Glass.Look("inside a command");
            return 1;
        });
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT look()";
        await command.ExecuteScalarAsync();
    }
}

/// <summary>Calls of this very app that browsers do not make with a link.</summary>
static class Calls
{
    public static async Task<string> Make(Uri self)
    {
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(self, "hub")).Build();
        await hub.StartAsync();
        var answer = await hub.InvokeAsync<string>("Look");
        using var channel = GrpcChannel.ForAddress(self, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });
        await new Protos.Glass.GlassClient(channel).LookAsync(new Protos.Glance());
        return answer;
    }
}

/// <summary>Works on its own, and asks a database as it starts.</summary>
sealed class Chores : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Glass.Look("hosted service starts");
        await Elsewhere.Traced();
        Glass.Look("hosted service after a traced method");
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
