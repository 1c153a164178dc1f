using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Both libraries for MySQL, with a real server: the spans of MySqlConnector's own, and patches for MySql.Data.</summary>
[TestClass]
public sealed class MariaDbTests : DatabasesTest
{
    static Server _server = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _) => _server = await Servers.StartMariaDb();

    [ClassCleanup]
    public static async Task Stop() => await _server.DisposeAsync();

    internal static (string, string) Setting(Server server) => ("ConnectionStrings__MySql", $"Server=127.0.0.1;Port={server.Port};User ID=root;Database=mysql");

    [TestMethod]
    public Task MySqlConnector() => Traced("/mysqlconnector?name=Ada");

    [TestMethod]
    public Task MySqlConnector_command_that_fails() => Traced("/mysqlconnector/missing", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task MySql_Data() => Traced("/mysqldata?name=Ada");

    [TestMethod]
    public Task MySql_Data_command_that_fails() => Traced("/mysqldata/missing", HttpStatusCode.InternalServerError);

    static Task Traced(string path, HttpStatusCode expected = HttpStatusCode.OK, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        _server.MustBeThere();
        return Traced(Setting(_server), path, expected, file, test: test);
    }
}
