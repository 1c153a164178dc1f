using System.Net;
using System.Runtime.CompilerServices;

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
    public Task Firebird_connection_that_is_not_open() => Traced("/firebird?name=Ada", HttpStatusCode.InternalServerError);

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
