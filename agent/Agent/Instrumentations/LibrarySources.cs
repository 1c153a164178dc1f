namespace Agent.Instrumentations;

/// <summary>
/// Libraries that make their spans themselves: their activity sources are listened to. To listen costs nothing while a library is not there, so
/// also those are listed that could not be tried here; the README's table says which were.
/// </summary>
static class LibrarySources
{
    /// <summary>In the order of the README's table.</summary>
    public static IReadOnlyList<LibrarySource> All { get; } =
    [
        new("ASPNETCORE", [Names.ServerSource]),
        new("HTTPCLIENT", ["System.Net.Http"]),
        new("SIGNALR", [Tracing.HubSpans.Source]),
        new("SIGNALRCLIENT", ["Microsoft.AspNetCore.SignalR.Client"]),
        new("GRPCNETCLIENT", ["Grpc.Net.Client"]),
        new("YARP", ["Yarp.ReverseProxy"]),
        new("NPGSQL", ["Npgsql"]),
        new("MYSQLCONNECTOR", ["MySqlConnector"]),
        new("MYSQLDATA", ["connector-net"]),
        new("ORACLEMDA", ["Oracle.ManagedDataAccess.Core"]),
        new("MONGODB", ["MongoDB.Driver"]),
        new("ELASTICTRANSPORT", ["Elastic.Transport"]),
        new("RABBITMQ", ["RabbitMQ.Client.Publisher", "RabbitMQ.Client.Subscriber"]),
        new("MASSTRANSIT", ["MassTransit"]),
        new("NATS", ["NATS.Net"]),
        new("WOLVERINE", ["Wolverine"]),
        new("QUARTZ", ["Quartz"]),
        new("ORLEANS", ["Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime"]),
        new("AZURE", ["Azure.*"]),
        new("GRAPHQL", ["GraphQL"]),
        new("WCFCORE", ["CoreWCF.Primitives"]),
    ];

    /// <summary>Asks those for spans that make none unless they are asked. What the app itself has asked for holds.</summary>
    public static void Start(Settings settings)
    {
        const string azure = "Azure.Experimental.EnableActivitySource"; // Azure.Core, ActivityExtensions
        if (Switches.IsOn(settings, "AZURE") && !AppContext.TryGetSwitch(azure, out _))
            AppContext.SetSwitch(azure, true);
    }
}

/// <summary>One library.</summary>
/// <param name="Name">Of its switch.</param>
/// <param name="Sources">Names of its activity sources; * stands for any characters.</param>
sealed record LibrarySource(string Name, string[] Sources);
