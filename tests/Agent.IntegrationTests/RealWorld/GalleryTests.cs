using System.Net;
using System.Net.WebSockets;
using Agent.Viewer;
using static Agent.IntegrationTests.HubProtocol;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// Endpoints that the framework makes out of pipelines of its own show what the app has written around them and not those; and what is there several
/// times says which one it is.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class GalleryTests
{
    [TestMethod]
    public async Task Endpoints_of_the_frameworks_making()
    {
        await using var app = await TracedApp.Start("Gallery");
        // Long polling: each request of it has its answer, so each is an ordinary one.
        using (var negotiated = await app.Client.PostAsync(Relative("/hub/negotiate?negotiateVersion=1"), null))
        {
            var token = System.Text.Json.JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync()).RootElement.GetProperty("connectionToken").GetString();
            var connection = Relative($"/hub?id={token}");
            using (await app.Client.GetAsync(connection)) { }
            using (await app.Client.PostAsync(connection, new StringContent("{\"protocol\":\"json\",\"version\":1}" + End))) { }
            using (await app.Client.GetAsync(connection)) { }
            using (await app.Client.DeleteAsync(connection)) { }
        }
        using (var lost = await app.Client.GetAsync(Relative("/hub")))
            Assert.AreEqual(HttpStatusCode.BadRequest, lost.StatusCode);
        foreach (var path in (string[])["/health", "/deep/inside"])
            using (await app.Client.GetAsync(Relative(path))) { }
        var (traces, _) = await app.Stop();
        // A fallback file is served as if there were no endpoint, so the request has no route, in the framework's metrics either.
        (string Request, string Endpoint)[] expected =
        [
            ("POST /hub/negotiate", "/hub/negotiate"), ("GET /hub", "/hub"), ("POST /hub", "/hub"), ("GET /hub", "/hub"), ("DELETE /hub", "/hub"), ("GET /hub", "/hub"),
            ("GET /health", "/health"), ("GET", "{*path:nonfile}"),
        ];
        foreach (var (trace, (request, endpoint)) in Requests(traces).Zip(expected))
        {
            Assert.AreEqual($"{request}, middleware Program.cs:22, middleware StaticFile, middleware StaticFile prints, middleware StaticFile /shop, middleware Antiforgery, endpoint {endpoint}",
                string.Join(", ", trace.Nodes.Where(node => node.Span.ScopeName != "Microsoft.AspNetCore.SignalR.Server").Select(node => node.Span.Name)));
            Assert.IsTrue(trace.Nodes.All(node => node.Span.Attributes.All(attribute => attribute.Key is not ("dispatch.connection.long" or "dispatch.middleware.short_circuited"))));
        }
        Assert.HasCount(expected.Length, Requests(traces));
    }

    [TestMethod]
    public async Task Policies_of_a_resource()
    {
        await using var app = await TracedApp.Start("Gallery");
        using (await app.Client.GetAsync(Relative("/may"))) { }
        CollectionAssert.AreEqual(new (string, object?, object?, object?)[]
        {
            ("authorization Picture", "Look", null, "succeeded"),
            ("authorization Picture", "Buy", null, "failed"),
            ("authorization Picture", null, "Touch", "failed"),
            ("authorization Picture", null, "NotTooClose, Smell", "succeeded"),
        }, (await app.Stop()).Traces.Single().Nodes.Select(node => node.Span).Where(span => span.Name.StartsWith("authorization P", StringComparison.Ordinal))
            .Select(span => (span.Name, Attribute(span, "dispatch.authorization.policy"), Attribute(span, "dispatch.authorization.requirements"), Attribute(span, "dispatch.authorization.result"))).ToArray());
    }

    [TestMethod]
    public async Task Static_files_say_whose_they_are()
    {
        await using var app = await TracedApp.Start("Gallery");
        foreach (var path in (string[])["/index.html", "/print.txt", "/shop/print.txt"])
            Assert.AreNotEqual("", await app.Client.GetStringAsync(Relative(path)));
        CollectionAssert.AreEqual(new[] { "middleware StaticFile", "middleware StaticFile prints", "middleware StaticFile /shop" },
            (await app.Stop()).Traces.Select(trace => trace.Nodes.Single(node => node.Span.Attributes.Any(attribute => attribute.Key == "dispatch.middleware.short_circuited")).Span.Name).ToList());
    }

    [TestMethod]
    public async Task Component_that_sets_its_parameters_itself()
    {
        await using var app = await TracedApp.Start("Gallery");
        StringAssert.Contains(await app.Client.GetStringAsync(Relative("/room")), "Sunrise");
        CollectionAssert.AreEqual(new[] { "component Frame init", "component Frame init" },
            (await app.Stop()).Traces.Single().Nodes.Select(node => node.Span.Name).Where(name => name.StartsWith("component", StringComparison.Ordinal)).ToList());
    }

    [TestMethod]
    public async Task Hub_calls_that_come_to_no_method()
    {
        await using var app = await TracedApp.Start("Gallery");
        using (var socket = await Connect(app.Client.BaseAddress!, "/hub"))
        {
            await Greet(socket);
            await Send(socket, """{"type":1,"invocationId":"1","target":"greet","arguments":["a secret"]}""");
            await Heard(socket, "\"invocationId\":\"1\"");
            await Send(socket, """{"type":1,"invocationId":"2","target":"Bid","arguments":[1000]}""");
            await Heard(socket, "\"invocationId\":\"2\"");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        Snapshot.Matches((await app.Stop()).Traces.Where(trace => trace.Roots[0].Span.Name is "GalleryHub/Greet" or "GalleryHub/_OTHER"));
    }

    /// <summary>Hubs' own spans (connected, disconnected) are traces of their own.</summary>
    static IReadOnlyList<Trace> Requests(IReadOnlyList<Trace> traces) => [.. traces.Where(trace => trace.Roots.Single().Span.ScopeName == "Microsoft.AspNetCore")];

    static Uri Relative(string path) => new(path, UriKind.Relative);

    static object? Attribute(ReceivedSpan span, string name) => span.Attributes.FirstOrDefault(attribute => attribute.Key == name).Value;
}
