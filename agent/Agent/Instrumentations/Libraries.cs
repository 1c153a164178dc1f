using Agent.Instrumentations.Data;
using Agent.Instrumentations.Jobs;
using Agent.Instrumentations.Messaging;
using Agent.Instrumentations.Remote;

namespace Agent.Instrumentations;

/// <summary>The list of libraries whose use is traced. One that an app does not use costs a comparison of names at start, and loads nothing.</summary>
static class Libraries
{
    /// <summary>Stands for ADO.NET providers that are not listed.</summary>
    public static Library OtherProvider { get; } =
        new("ADONET", "DATA", "any other ADO.NET provider", "the tests' own") { Patch = typeof(AdoNetPatch), System = "other_sql", Dialect = SqlDialect.Unknown };

    public static Library Redis { get; } = new("STACKEXCHANGEREDIS", "DATA", "StackExchange.Redis", "2.8.16, 2.13.23, 3.4.35")
    {
        Patch = typeof(StackExchangeRedisPatch),
        AppsSource = "OpenTelemetry.Instrumentation.StackExchangeRedis",
    };

    public static Library Temporal { get; } = new("TEMPORALIO", "JOBS", "Temporalio", "1.21.1") { Patch = typeof(TemporalioPatch), AppsSource = "Temporalio.Extensions.OpenTelemetry.Workflow" };

    public static IReadOnlyList<Library> All { get; } =
    [
        new("ASPNETCORE", null, "ASP.NET Core", "10.0, 11.0") { Sources = [Names.ServerSource] },
        new("HTTPCLIENT", null, "System.Net.Http", "10.0, 11.0") { Sources = ["System.Net.Http"] },
        new("SIGNALR", null, "SignalR", "10.0, 11.0") { Sources = [Tracing.HubSpans.Source] },

        new("NPGSQL", "DATA", "Npgsql", "10.0.3") { Sources = ["Npgsql"], System = "postgresql" },
        new("MYSQLCONNECTOR", "DATA", "MySqlConnector", "2.6.2") { Sources = ["MySqlConnector"], System = "mysql", Dialect = SqlDialect.MySql },
        new("MONGODB", "DATA", "MongoDB.Driver", "3.14.0") { Sources = ["MongoDB.Driver"] },
        new("ELASTICTRANSPORT", "DATA", "Elastic.Transport", "1.1.0") { Sources = ["Elastic.Transport"] },
        // Its own source names a span «SQL Statement» without the statement, and makes six for each new connection.
        new("MYSQLDATA", "DATA", "MySql.Data", "26.10.0") { Patch = typeof(AdoNetPatch), System = "mysql", Dialect = SqlDialect.MySql },
        new("SQLITE", "DATA", "Microsoft.Data.Sqlite", "10.0.14, 11.0.0") { Patch = typeof(AdoNetPatch), System = "sqlite" },
        new("SQLITE", "DATA", "System.Data.SQLite", "1.0.119") { Patch = typeof(AdoNetPatch), System = "sqlite" },
        new("SQLCLIENT", "DATA", "Microsoft.Data.SqlClient", "7.1.1") { Patch = typeof(AdoNetPatch), System = "microsoft.sql_server", AppsSource = "OpenTelemetry.Instrumentation.SqlClient" },
        new("SQLCLIENT", "DATA", "System.Data.SqlClient", "") { Patch = typeof(AdoNetPatch), System = "microsoft.sql_server", AppsSource = "OpenTelemetry.Instrumentation.SqlClient" },
        new("FIREBIRD", "DATA", "FirebirdSql.Data.FirebirdClient", "10.3.4") { Patch = typeof(AdoNetPatch), System = "firebirdsql" },
        new("ORACLEMDA", "DATA", "Oracle.ManagedDataAccess", "") { Patch = typeof(AdoNetPatch), System = "oracle.db" },
        new("CLICKHOUSE", "DATA", "ClickHouse.Driver", "1.5.0") { Patch = typeof(AdoNetPatch), System = "clickhouse", Dialect = SqlDialect.Unknown },
        new("DUCKDB", "DATA", "DuckDB.NET.Data", "1.5.6.1") { Patch = typeof(AdoNetPatch), System = "duckdb", Dialect = SqlDialect.Unknown },
        new("ODBC", "DATA", OdbcTarget.Provider, "10.0.15") { Patch = typeof(AdoNetPatch), System = "other_sql", Dialect = SqlDialect.Unknown },
        OtherProvider,
        new("LITEDB", "DATA", "LiteDB", "5.0.21") { Patch = typeof(LiteDBPatch) },
        Redis,
        new("FREEREDIS", "DATA", "FreeRedis", "1.5.5") { Patch = typeof(FreeRedisPatch) },
        new("CSREDISCORE", "DATA", "CSRedisCore", "3.8.807") { Patch = typeof(CSRedisCorePatch) },
        new("MEMORYCACHE", "DATA", "IMemoryCache", "10.0, 11.0") { Patch = typeof(MemoryCachePatch) },
        new("HYBRIDCACHE", "DATA", "HybridCache", "10.11.0") { Patch = typeof(HybridCachePatch) },
        new("FUSIONCACHE", "DATA", "FusionCache", "2.9.0") { Patch = typeof(FusionCachePatch) },
        new("MARTEN", "DATA", "Marten", "9.58.0") { Sources = ["Marten"], Assembly = "Marten" },

        new("POLLY", "REMOTE", "Polly", "Microsoft.Extensions.Http.Resilience 10.11.0") { Patch = typeof(PollyPatch) },
        new("SIGNALRCLIENT", "REMOTE", "SignalR client", "10.0.12, 11.0.0") { Sources = ["Microsoft.AspNetCore.SignalR.Client"] },
        new("GRPCNETCLIENT", "REMOTE", "Grpc.Net.Client", "2.85.0") { Sources = ["Grpc.Net.Client"] },
        new("AZURE", "REMOTE", "Azure SDK", "Azure.Storage.Blobs 12.30.1, Azure.Data.Tables 12.13.0, Microsoft.Azure.Cosmos 3.64.0, Azure.Messaging.EventHubs 5.12.2") { Sources = ["Azure.*"], Assembly = "Azure.Core" },
        new("AWS", "REMOTE", "AWS SDK", "AWSSDK.S3 3.7.511, 4.1.0") { Patch = typeof(AwsPatch) },
        new("YARP", "REMOTE", "Yarp.ReverseProxy", "2.3.0") { Sources = ["Yarp.ReverseProxy"] },
        new("WCFCLIENT", "REMOTE", "System.ServiceModel (WCF's client)", "10.1.0") { Patch = typeof(WcfClientPatch) },
        new("WCFCORE", "REMOTE", "CoreWCF", "") { Sources = ["CoreWCF.Primitives"] },
        // Not Microsoft.Orleans.Runtime: silos ask each other all the time how they are.
        new("ORLEANS", "REMOTE", "Orleans", "10.4.2") { Sources = ["Microsoft.Orleans.Application"] },
        new("GRAPHQL", "REMOTE", "GraphQL", "8.8.5") { Sources = ["GraphQL"] },

        new("MICROSOFTEXTENSIONSAI", "GENAI", "Microsoft.Extensions.AI", "10.11.0") { Sources = ["Experimental.Microsoft.Extensions.AI"], Assembly = "Microsoft.Extensions.AI" },
        new("OPENAI", "GENAI", "OpenAI", "2.14.0") { Sources = ["OpenAI.ChatClient", "OpenAI.ResponsesClient"], Assembly = "OpenAI" },
        new("ANTHROPIC", "GENAI", "Anthropic", "13.14.0") { Sources = ["com.anthropic.sdk.csharp"], Assembly = "Anthropic" },
        new("SEMANTICKERNEL", "GENAI", "Microsoft.SemanticKernel", "1.82.0") { Sources = ["Microsoft.SemanticKernel", "Microsoft.SemanticKernel.Diagnostics"], Assembly = "Microsoft.SemanticKernel.Abstractions" },
        new("MCP", "GENAI", "ModelContextProtocol", "2.4.0") { Sources = ["Experimental.ModelContextProtocol"], Assembly = "ModelContextProtocol.Core" },

        new("RABBITMQ", "MESSAGING", "RabbitMQ.Client", "7.2.2") { Sources = ["RabbitMQ.Client.Publisher", "RabbitMQ.Client.Subscriber"] },
        new("MASSTRANSIT", "MESSAGING", "MassTransit", "8.5.12") { Sources = ["MassTransit"] },
        new("NATS", "MESSAGING", "NATS.Net", "3.3.2") { Sources = ["NATS.Net"] },
        new("WOLVERINE", "MESSAGING", "Wolverine", "6.62.0") { Sources = ["Wolverine"] },
        new("REBUS", "MESSAGING", "Rebus", "8.9.5") { Patch = typeof(RebusPatch) },
        new("CAP", "MESSAGING", "DotNetCore.CAP", "10.0.2") { Patch = typeof(CapPatch) },
        new("MEDIATR", "MESSAGING", "MediatR", "5.1.0") { Patch = typeof(MediatRPatch) },
        new("MEDIATOR", "MESSAGING", "Mediator", "3.0.2") { Patch = typeof(MediatorPatch) },
        new("AKKA", "MESSAGING", "Akka.NET", "1.5.74") { Patch = typeof(AkkaPatch) },
        new("PROTOACTOR", "MESSAGING", "Proto.Actor", "1.8.0") { Patch = typeof(ProtoActorPatch) },
        new("KAFKAPRODUCER", "MESSAGING", "Confluent.Kafka, sending", "2.16.0") { Patch = typeof(KafkaProducerPatch) },
        new("KAFKACONSUMER", "MESSAGING", "Confluent.Kafka, receiving", "2.16.0") { Patch = typeof(KafkaConsumerPatch) },
        new("MQTTNET", "MESSAGING", "MQTTnet", "5.2.0.1603") { Patch = typeof(MqttNetPatch) },
        new("MAILKIT", "MESSAGING", "MailKit", "4.18.2") { Sources = ["MailKit.Net.SmtpClient", "MailKit.Net.ImapClient", "MailKit.Net.Pop3Client"], Assembly = "MailKit" },

        new("HOSTEDSERVICE", "JOBS", "Hosted services", "10.0, 11.0") { Patch = typeof(HostedServicePatch) },
        new("QUARTZ", "JOBS", "Quartz", "4.7.3") { Sources = ["Quartz"] },
        new("DURABLETASK", "JOBS", "DurableTask", "1.28.0") { Sources = ["Microsoft.DurableTask", "DurableTask.Core"] },
        new("CORAVEL", "JOBS", "Coravel", "6.0.2") { Patch = typeof(CoravelPatch) },
        new("WORKFLOWCORE", "JOBS", "WorkflowCore", "3.22.0") { Patch = typeof(WorkflowCorePatch) },
        Temporal,
        new("TEMPORALIO", "JOBS", "Temporalio.Extensions.OpenTelemetry", "")
        {
            Sources = ["Temporalio.Extensions.OpenTelemetry.Client", "Temporalio.Extensions.OpenTelemetry.Workflow", "Temporalio.Extensions.OpenTelemetry.Activity", "Temporalio.Extensions.OpenTelemetry.Nexus"],
        },
        new("HANGFIREJOB", "JOBS", "Hangfire, jobs that run", "1.8.25") { Patch = typeof(HangfireJobPatch) },
        new("HANGFIRECREATE", "JOBS", "Hangfire, jobs that are created", "1.8.25") { Patch = typeof(HangfireCreatePatch) },
    ];

    /// <summary>The ADO.NET provider that is this assembly; null if it is not listed.</summary>
    public static Library? Provider(string? assembly)
    {
        foreach (var library in All)
        {
            if (library.System is not null && library.Name == assembly)
                return library;
        }
        return null;
    }

    /// <summary>The library with this activity source; null if there is none.</summary>
    public static Library? WithSource(string source)
    {
        if (BySource.All.TryGetValue(source, out var library))
            return library;
        foreach (var (prefix, family) in BySource.Families)
        {
            if (source.StartsWith(prefix, StringComparison.Ordinal))
                return family;
        }
        return null;
    }

    /// <summary>Built when the first source is there; asked at the end of each span of a library's.</summary>
    static class BySource
    {
        public static readonly Dictionary<string, Library> All = new(StringComparer.Ordinal);
        public static readonly List<(string Prefix, Library Library)> Families = [];

        static BySource()
        {
            foreach (var library in Libraries.All)
            {
                foreach (var source in library.Sources)
                {
                    All.Add(source, library);
                    if (source.EndsWith('*'))
                        Families.Add((source[..^1], library));
                }
            }
        }
    }

    /// <summary>Whether a patch class is wanted for the sake of one library, although its own switch is off.</summary>
    public static bool IsAskedFor(Type patchClass, Settings settings)
    {
        foreach (var library in All)
        {
            if (library.Patch == patchClass && settings.Instrumentation(library.Switch) == true)
                return true;
        }
        return false;
    }
}
