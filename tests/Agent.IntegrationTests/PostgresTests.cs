using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Npgsql's own spans, with a real server.</summary>
[TestClass]
public sealed class PostgresTests : DatabasesTest
{
    static Server _server = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _) => _server = await Servers.StartPostgres();

    [ClassCleanup]
    public static async Task Stop() => await _server.DisposeAsync();

    internal static (string, string) Setting(Server server) => ("ConnectionStrings__Postgres", $"Host=127.0.0.1;Port={server.Port};Username=shop;Database=postgres");

    [TestMethod]
    public Task Commands() => Traced("/postgres?name=Ada");

    [TestMethod]
    public Task Command_that_fails() => Traced("/postgres/missing", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Batch() => Traced("/postgres/batch", before: "/postgres?name=Ada");

    [TestMethod]
    public Task Entity_framework() => Traced("/postgres/ef?name=Grace", before: "/postgres?name=Ada");

    [TestMethod]
    public Task Command_that_wraps_one_with_a_span_of_its_own() => Traced("/postgres/wrapped");

    /// <summary>EF Core's by the app, with Npgsql's own of the same command left out; Npgsql's where there is no other.</summary>
    [TestMethod]
    [DataRow("/postgres/ef?name=Grace", "ef")]
    [DataRow("/postgres?name=Grace", "npgsql")]
    public Task App_has_an_instrumentation_of_its_own(string path, string name) =>
        Traced(path, before: "/postgres?name=Ada", hasTelemetry: true, test: $"{nameof(App_has_an_instrumentation_of_its_own)}_{name}");

    static Task Traced(string path, HttpStatusCode expected = HttpStatusCode.OK, string? before = null, bool hasTelemetry = false, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        _server.MustBeThere();
        return Traced(Setting(_server), path, expected, file, before, hasTelemetry, test);
    }
}
