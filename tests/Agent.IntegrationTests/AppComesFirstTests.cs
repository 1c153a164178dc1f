using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>
/// Whatever the agent does, the app answers, prints and ends as it does without it: status, headers, body bytes, standard output, exit code.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class AppComesFirstTests
{
    /// <summary>The first app of a user's that needs one makes a key for data protection and says so; the ones compared here are to find it.</summary>
    [ClassInitialize]
    public static async Task MakeKey(TestContext _)
    {
        await using var app = TestApp.Start("Storefront", ["--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        await Storefront.OpenOrderForm(client);
        await app.Stop();
    }

    [TestMethod]
    [DataRow("Production")]
    [DataRow("Development")]
    public async Task With_a_collector(string environment)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        Assert.IsEmpty(await Compare(environment, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())));
        Assert.IsGreaterThan(50, collector.Spans.Count, "the agent was there");
    }

    [TestMethod]
    public async Task With_all_middlewares_traced()
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        Assert.IsEmpty(await Compare("Production", ("AGENT_MIDDLEWARE", "all"), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())));
    }

    [TestMethod]
    public async Task With_a_collector_that_is_down()
    {
        var port = TestApp.FreePort();
        CollectionAssert.AreEqual(
            new[] { $"Agent 0.1.0: spans cannot be sent (otlp): HttpRequestException: Connection refused. They are dropped until they can be; the app goes on." },
            await Compare("Production", ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}")));
    }

    [TestMethod]
    public async Task With_a_collector_that_accepts_and_never_answers()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        // When the app ends, the exporter may still be waiting; then there is nothing to say.
        foreach (var line in await Compare("Production", ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{((IPEndPoint)hanging.LocalEndpoint).Port}")))
            Assert.AreEqual("Agent 0.1.0: spans cannot be sent (otlp): no answer in time. They are dropped until they can be; the app goes on.", line);
    }

    [TestMethod]
    public async Task With_sampling_off() => Assert.IsEmpty(await Compare("Production", ("OTEL_TRACES_SAMPLER", "always_off")));

    /// <summary>What the agent says besides the line at start.</summary>
    static async Task<string[]> Compare(string environment, params (string, string?)[] agent)
    {
        var port = TestApp.FreePort(); // the same for both, so that standard output can be compared
        var without = await Run(port, ("ASPNETCORE_ENVIRONMENT", environment));
        var with = await Run(port, [("ASPNETCORE_ENVIRONMENT", environment), ("DOTNET_STARTUP_HOOKS", Places.Hook), .. agent]);

        Assert.AreEqual(without.Responses, with.Responses);
        Assert.AreEqual(without.App.Output, with.App.Output);
        Assert.AreEqual(without.App.ExitCode, with.App.ExitCode);
        Assert.AreEqual("", without.App.Error);
        var lines = with.App.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StringAssert.StartsWith(lines[0], $"Agent 0.1.0: tracing Storefront ({environment}), traces go to ");
        return lines[1..];
    }

    static async Task<(string Responses, EndedApp App)> Run(int port, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Storefront", ["--urls", $"http://127.0.0.1:{port}"], environment);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = await app.Listening };
        var responses = new StringBuilder();
        foreach (var path in (string[])["/", "/Products/1", "/Products/6", "/Products/99", "/about", "/missing", "/Boom", "/api/stock/MUG-01", "/api/stock/none", "/health",
            "/ping", "/site.css", "/Thanks/1"])
            await Record(new HttpRequestMessage(HttpMethod.Get, path));
        await Record(new HttpRequestMessage(HttpMethod.Head, "/"));
        await Record(new HttpRequestMessage(HttpMethod.Delete, "/Order"));
        await Record(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Maintenance", "on" } } });
        await Record(new HttpRequestMessage(HttpMethod.Get, "/?name=Ada") { Headers = { { "X-Visitor", "Ada" }, { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } } });
        var token = await Storefront.OpenOrderForm(client);
        foreach (var (path, quantity) in ((string, int)[])[("/Order", 0), ("/Order", 2), ("/Order?handler=Quote", 3)])
            await Record(new HttpRequestMessage(HttpMethod.Post, path) { Content = Storefront.Order(token, quantity) });
        await Record(new HttpRequestMessage(HttpMethod.Post, "/Order") { Content = Storefront.Order("forged", 1) });
        await Record(new HttpRequestMessage(HttpMethod.Get, "/Thanks/1"));
        return (responses.ToString(), await app.Stop());

        async Task Record(HttpRequestMessage request)
        {
            using (request)
            {
                using var response = await client.SendAsync(request);
                responses.AppendLine($"{request.Method} {request.RequestUri} {(int)response.StatusCode} HTTP/{response.Version}");
                foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Set-Cookie")))
                    responses.AppendLine($"{name}: {string.Join(", ", values)}");
                if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
                    responses.AppendLine($"Set-Cookie: {string.Join(", ", cookies.Select(cookie => cookie.Split('=')[0]))}"); // the antiforgery cookie is new each time
                var body = await response.Content.ReadAsByteArrayAsync();
                responses.AppendLine(Storefront.Token().Replace(Encoding.Latin1.GetString(body), "$1TOKEN")); // Latin-1: every byte is a character
            }
        }
    }
}
