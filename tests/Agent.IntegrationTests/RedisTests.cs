using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>StackExchange.Redis, and the distributed cache on it, with a real server.</summary>
[TestClass]
public sealed class RedisTests : DatabasesTest
{
    static Server _server = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _) => _server = await Servers.StartRedis();

    [ClassCleanup]
    public static async Task Stop() => await _server.DisposeAsync();

    internal static (string, string) Setting(Server server) => ("ConnectionStrings__Redis", $"127.0.0.1:{server.Port}");

    [TestMethod]
    public Task Commands() => Traced("/redis?name=Ada");

    [TestMethod]
    public Task Transaction() => Traced("/redis/transaction?name=Ada");

    [TestMethod]
    public Task Batch() => Traced("/redis/batch?name=Ada");

    [TestMethod]
    public Task Batch_with_a_command_that_fails() => Traced("/redis/batch/wrong", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Command_that_fails() => Traced("/redis/wrong", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Distributed_cache() => Traced("/redis/cache?name=Ada");

    /// <summary>The app's own instrumentation makes the spans.</summary>
    [TestMethod]
    public Task App_has_an_instrumentation_of_its_own()
    {
        _server.MustBeThere();
        return Traced(Setting(_server), "/redis?name=Ada", HttpStatusCode.OK, "RedisTests.cs", hasTelemetry: true);
    }

    static Task Traced(string path, HttpStatusCode expected = HttpStatusCode.OK, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        _server.MustBeThere();
        return Traced(Setting(_server), path, expected, file, test: test);
    }
}
