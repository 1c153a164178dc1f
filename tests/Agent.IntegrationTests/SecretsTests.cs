using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;

namespace Agent.IntegrationTests;

/// <summary>
/// What users and programs send stays out of the traces: a secret is planted in every place, and the bytes that leave the process are searched
/// for it. What does go out, by OpenTelemetry's conventions: the path (`url.path`, `url.full`), so route values are in it, never the query;
/// the host the client asked for (`server.address`), `User-Agent`, `tracestate`; and the messages and stack traces of exceptions.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class SecretsTests
{
    [TestMethod]
    public async Task Pages_and_database()
    {
        using var collector = new RawCollector();
        await using var app = Start("Storefront", collector);
        using var client = await Client(app);
        var token = await Storefront.OpenOrderForm(client);
        foreach (var path in (string[])["/?name=s3cret-query", "/Products/1?s3cret-name=1", "/Boom?name=s3cret-query", "/s3route"])
            await Send(client, new HttpRequestMessage(HttpMethod.Get, path)
            {
                Headers = { { "X-Visitor", "s3cret-view-data" }, { "X-Key", "s3cret-header" }, { "Authorization", "Bearer s3cret-authorization" }, { "Cookie", "session=s3cret-cookie" }, { "baggage", "user=s3cret-baggage" } },
            });
        foreach (var (quantity, email) in ((string, string)[])[("2", "s3cret-parameter@example.org"), ("s3cret-invalid", "s3cret-form@example.org")])
            await Send(client, new HttpRequestMessage(HttpMethod.Post, "/Order")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["__RequestVerificationToken"] = token,
                    ["Input.ProductId"] = "1",
                    ["Input.Quantity"] = quantity,
                    ["Input.Email"] = email,
                    ["s3cret-field"] = "s3cret-value",
                }),
            });
        await app.Stop();

        Out(collector, "s3cret", token);
        In(collector, "page /Order OnPostAsync", "INSERT Orders", "view /Pages/Order.cshtml", "dispatch.modelstate.error_count", "/s3route", "The storefront is on fire.");
    }

    [TestMethod]
    public async Task Views_of_mvc()
    {
        using var collector = new RawCollector();
        await using var app = Start("Library", collector);
        using var client = await Client(app);
        var token = Storefront.Token().Match(await client.GetStringAsync(new Uri("/Books/Lend", UriKind.Relative))).Groups[2].Value;
        foreach (var reader in (string[])["", "s3cret-form"])
            await Send(client, new HttpRequestMessage(HttpMethod.Post, "/Books/Lend?s3cret-query")
            {
                Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("Reader", reader), new("Other", "s3cret-other")]),
            });
        await Send(client, new HttpRequestMessage(HttpMethod.Post, "/Books/Lend") { Content = new FormUrlEncodedContent([new("__RequestVerificationToken", "s3cret-token")]) });
        await Send(client, new HttpRequestMessage(HttpMethod.Post, "/api/readers") { Content = JsonContent.Create(new { Id = 1, Name = "s3cret-json" }) });
        await Send(client, new HttpRequestMessage(HttpMethod.Post, "/api/readers") { Content = JsonContent.Create(new { Id = "s3cret-wrong", Name = 1 }) });
        await app.Stop();

        Out(collector, "s3cret", token);
        In(collector, "action Books.Lend", "view /Views/Books/Form.cshtml", "action Readers.Add", "AntiforgeryValidationException");
    }

    [TestMethod]
    public async Task Minimal_api()
    {
        using var collector = new RawCollector();
        await using var app = Start("Parcels", collector);
        using var client = await Client(app);
        await Send(client, new HttpRequestMessage(HttpMethod.Get, "/parcels/7?key=s3cret-query"));
        await Send(client, new HttpRequestMessage(HttpMethod.Get, "/track")); // redirects to /parcels/1?secret=4711
        await Send(client, new HttpRequestMessage(HttpMethod.Post, "/parcels") { Content = JsonContent.Create(new { Id = 1, State = "s3cret-json" }) });
        await Send(client, new HttpRequestMessage(HttpMethod.Post, "/parcels") { Content = JsonContent.Create(new { Id = "s3cret-wrong" }) });
        await Send(client, new HttpRequestMessage(new HttpMethod("GET"), "/depot/s3route?s3cret") { Headers = { { "Sunday", "s3cret-header" } } });
        await app.Stop();

        Out(collector, "s3cret", "4711");
        In(collector, "endpoint /parcels", "dispatch.result.location", "/depot/s3route", "filter OpeningHours");
    }

    [TestMethod]
    public async Task Hub_calls()
    {
        using var collector = new RawCollector();
        await using var app = Start("Chat", collector);
        using (var socket = new ClientWebSocket())
        {
            socket.Options.SetRequestHeader("X-Key", "s3cret-header");
            await socket.ConnectAsync(new UriBuilder(await app.Listening) { Scheme = "ws", Path = "/chat", Query = "?access_token=s3cret-query" }.Uri, default);
            await HubProtocol.Greet(socket);
            await HubProtocol.Send(socket, """{"type":1,"invocationId":"1","target":"Echo","arguments":["s3cret-argument"]}""");
            await HubProtocol.Send(socket, """{"type":1,"invocationId":"2","target":"Fail","arguments":["s3cret-argument"]}""");
            await HubProtocol.Send(socket, """{"type":1,"invocationId":"3","target":"s3cret-method","arguments":[]}""");
            await HubProtocol.Heard(socket, "\"invocationId\":\"1\"", "\"invocationId\":\"2\"", "\"invocationId\":\"3\"");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        await app.Stop();

        Out(collector, "s3cret");
        In(collector, "ChatHub/Echo", "ChatHub/Fail", "The room is on fire.");
    }

    /// <summary>.NET 11 has the query and the client's address on its server span by itself; also where nothing can be patched.</summary>
    [TestMethod]
    [DataRow("1")]
    [DataRow("0")]
    public async Task Who_the_client_is(string diagnostics)
    {
        const string behindProxy = "198.51.100.77";
        using var collector = new RawCollector();
        await using var app = TestApp.Start("Storefront", ["--urls", "http://127.0.0.1:0"], [.. WithAgent(collector), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), ("DOTNET_EnableDiagnostics", diagnostics)]);
        using var client = await Client(app);
        await Send(client, new HttpRequestMessage(HttpMethod.Get, "/?name=s3cret-query"));
        await Send(client, new HttpRequestMessage(HttpMethod.Get, "/Boom?name=s3cret-query") { Headers = { { "X-Forwarded-For", behindProxy } } });
        await app.Stop();

        Out(collector, "s3cret", behindProxy, "url.query", "client.address", "network.peer");
        In(collector, "url.path", "/Boom");
    }

    [TestMethod]
    public async Task Outgoing_requests()
    {
        using var site = new HttpListener();
        var address = $"http://127.0.0.1:{TestApp.FreePort()}/";
        site.Prefixes.Add(address);
        site.Start();
        using var collector = new RawCollector();
        await using var app = TestApp.Start("Courier", ["fetch", $"{address}s3route?key=s3cret-query"], WithAgent(collector));
        var request = await site.GetContextAsync();
        await request.Response.OutputStream.WriteAsync("s3cret-response"u8.ToArray());
        request.Response.Close();
        Assert.AreEqual(7, (await app.End()).ExitCode);

        Out(collector, "s3cret");
        In(collector, "/s3route", "SELECT Parcels");
    }

    [TestMethod]
    public async Task Sql_parameters_and_literals()
    {
        using var elastic = new FakeElasticsearch();
        await Databases(("ConnectionStrings__Elastic", elastic.Address), ["/sqlite/microsoft", "/sqlite/system", "/sqlite/wrapped", "/sqlserver", "/firebird", "/elastic"],
            "INSERT INTO readers VALUES ($name)", "SELECT [Name] FROM dbo.Readers WHERE Name = ?", "sql.example", "fire.example", "/books/_search");
    }

    [TestMethod]
    public async Task PostgreSql()
    {
        await using var server = await Servers.StartPostgres();
        server.MustBeThere();
        await Databases(PostgresTests.Setting(server), ["/postgres", "/postgres/ef"], "INSERT INTO readers (name) VALUES (@name)", "SELECT count(*) FROM readers WHERE name = ?");
    }

    [TestMethod]
    public async Task MySql()
    {
        await using var server = await Servers.StartMariaDb();
        server.MustBeThere();
        await Databases(MariaDbTests.Setting(server), ["/mysqlconnector", "/mysqldata"], "INSERT INTO readers (name) VALUES (@name)", "SELECT COUNT(*) FROM readers WHERE name = ?");
    }

    [TestMethod]
    public async Task Redis()
    {
        await using var server = await Servers.StartRedis();
        server.MustBeThere();
        await Databases(RedisTests.Setting(server), ["/redis", "/redis/transaction", "/redis/cache"], "HMSET", "EXEC");
    }

    [TestMethod]
    public Task MongoDb() => Databases(("ConnectionStrings__Mongo", $"mongodb://127.0.0.1:{TestApp.FreePort()}/?serverSelectionTimeoutMS=100"), ["/mongo"], "insert shop.readers");

    /// <summary>Sends a name to the endpoints, which make it a parameter, a literal, a key, a value, a document.</summary>
    static async Task Databases((string, string?) setting, string[] paths, params string[] sent)
    {
        using var collector = new RawCollector();
        await using var app = TestApp.Start("Databases", ["--urls", "http://127.0.0.1:0"], [.. WithAgent(collector), setting]);
        using var client = await Client(app);
        foreach (var path in paths)
            await Send(client, new HttpRequestMessage(HttpMethod.Get, $"{path}?name=s3cret"));
        await app.Stop();

        Out(collector, "s3cret");
        In(collector, [.. paths, .. sent]);
    }

    static TestApp Start(string name, RawCollector collector) => TestApp.Start(name, ["--urls", "http://127.0.0.1:0"], WithAgent(collector));

    static (string, string?)[] WithAgent(RawCollector collector) => [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)];

    static async Task<HttpClient> Client(TestApp app) => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = await app.Listening };

    static async Task Send(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        using (await client.SendAsync(request)) { }
    }

    static void Out(RawCollector collector, params string[] secrets)
    {
        foreach (var secret in secrets)
            Assert.IsFalse(collector.Has(secret), $"{secret} has left the process: {collector.Around(secret)}");
    }

    /// <summary>The search is worth something: this did leave it.</summary>
    static void In(RawCollector collector, params string[] texts)
    {
        foreach (var text in texts)
            Assert.IsTrue(collector.Has(text), text);
    }
}
