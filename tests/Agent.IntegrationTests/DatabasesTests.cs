using System.Net;
using System.Runtime.CompilerServices;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Databases without a server: SQLite, those whose servers cannot be had here, and Elasticsearch's protocol from a stand-in.</summary>
[TestClass]
public sealed class DatabasesTests : DatabasesTest
{
    [TestMethod]
    public Task Microsoft_Data_Sqlite() => Traced("/sqlite/microsoft?name=Ada");

    [TestMethod]
    public Task System_Data_SQLite() => Traced("/sqlite/system?name=Ada");

    [TestMethod]
    public Task Commands_that_wrap_others() => Traced("/sqlite/wrapped?name=Ada");

    [TestMethod]
    public Task Sql_server_connection_that_is_not_open() => Traced("/sqlserver?name=Ada", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Sql_server_stored_procedure() => Traced("/sqlserver/procedure", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Sql_server_batch() => Traced("/sqlserver/batch?name=Ada", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Firebird_connection_that_is_not_open() => Traced("/firebird?name=Ada", HttpStatusCode.InternalServerError);

    /// <summary>The app's own instrumentation makes the spans of what it knows; the agent's are for the rest.</summary>
    [TestMethod]
    [DataRow("/sqlite/ef?name=Ada", HttpStatusCode.OK, "ef")]
    [DataRow("/sqlite/microsoft?name=Ada", HttpStatusCode.OK, "sqlite")]
    [DataRow("/sqlserver?name=Ada", HttpStatusCode.InternalServerError, "sqlserver")]
    public Task App_has_instrumentations_of_its_own(string path, HttpStatusCode expected, string name) =>
        Traced(("none", null), path, expected, "DatabasesTests.cs", hasTelemetry: true, test: $"{nameof(App_has_instrumentations_of_its_own)}_{name}");

    /// <summary>The app's spans are at the app's place, so the agent's has its own.</summary>
    [TestMethod]
    public async Task App_has_instrumentations_and_both_send_their_spans()
    {
        await using var apps = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = await TracedApp.Start("Databases", ("AGENT_MIDDLEWARE", "none"), ("AGENT_APP_SDK", "separate"), ("Telemetry", "true"), ("TelemetryEndpoint", apps.HttpEndpoint.ToString()));
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(app.Client, "/sqlite/ef?name=Ada"));
        Assert.AreEqual(HttpStatusCode.InternalServerError, await Storefront.Get(app.Client, "/sqlserver?name=Ada"));
        CollectionAssert.AreEqual((string[])["SELECT sqlite_master", "BEGIN", "CREATE TABLE readers", "COMMIT", "SELECT readers", "SELECT dbo.Readers"],
            Commands((await app.Stop()).Traces, "Agent.Data"));
        CollectionAssert.AreEqual((string[])["main", "main", "main", "SELECT dbo.Readers"], Commands(Trace.Group(apps.Spans), "OpenTelemetry.Instrumentation.EntityFrameworkCore", "OpenTelemetry.Instrumentation.SqlClient"));

        static List<string> Commands(IEnumerable<Trace> traces, params string[] sources) => [.. traces.SelectMany(trace => trace.Nodes).Select(node => node.Span).Where(span => sources.Contains(span.ScopeName)).OrderBy(span => span.StartUnixNano).Select(span => span.Name)];
    }

    static Task Traced(string path, HttpStatusCode expected = HttpStatusCode.OK, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Traced(("none", null), path, expected, file, test: test);

    [TestMethod]
    public async Task MongoDb_without_a_server()
    {
        await using var app = await TracedApp.Start("Databases", ("AGENT_MIDDLEWARE", "none"), ("ConnectionStrings__Mongo", $"mongodb://127.0.0.1:{TestApp.FreePort()}/?serverSelectionTimeoutMS=100"));
        Assert.AreEqual(HttpStatusCode.InternalServerError, await Storefront.Get(app.Client, "/mongo?name=Ada"));
        var span = (await app.Stop()).Traces.SelectMany(trace => trace.Nodes).Single(node => node.Span.ScopeName == "MongoDB.Driver").Span;
        Assert.AreEqual(("insert shop.readers", "mongodb", "shop", "readers"), (span.Name, span.Attributes["db.system.name"], span.Attributes["db.namespace"], span.Attributes["db.collection.name"]));
        Assert.AreEqual(Viewer.SpanStatusCode.Error, span.StatusCode);
    }

    /// <summary>The driver puts the exception into attributes of one of its two spans, and says nothing on the other.</summary>
    [TestMethod]
    public async Task MongoDb()
    {
        using var mongo = new FakeMongo();
        await Traced(("ConnectionStrings__Mongo", mongo.Address), "/mongo?name=nobody", HttpStatusCode.InternalServerError, "DatabasesTests.cs", before: "/mongo?name=Ada");
    }

    [TestMethod]
    public async Task Elasticsearch()
    {
        using var elastic = new FakeElasticsearch();
        await Traced(("ConnectionStrings__Elastic", elastic.Address), "/elastic?name=Ada", HttpStatusCode.OK, "DatabasesTests.cs");
    }

    [TestMethod]
    public async Task Libraries_that_are_switched_off()
    {
        await using var app = await TracedApp.Start("Databases", ("AGENT_MIDDLEWARE", "none"),
            ("OTEL_DOTNET_AUTO_TRACES_DATA_INSTRUMENTATION_ENABLED", "false"), ("OTEL_DOTNET_AUTO_TRACES_SQLCLIENT_INSTRUMENTATION_ENABLED", "true"));
        await Storefront.Get(app.Client, "/sqlite/microsoft?name=Ada");
        await Storefront.Get(app.Client, "/sqlite/wrapped?name=Ada");
        await Storefront.Get(app.Client, "/sqlserver/procedure");
        Snapshot.Matches((await app.Stop()).Traces);
    }
}
