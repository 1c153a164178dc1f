using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// What makes a long connection is what happens: an accepted WebSocket, a response that is an event stream. Then the spans of middlewares end, whatever was
/// asked for; and else they do not, as clients that offer HTTP/2 send an Upgrade header with every request.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class LongConnectionsTests
{
    [TestMethod]
    public async Task Ordinary_answers_whatever_was_asked_for()
    {
        await using var app = await TracedApp.Start("Chat");
        foreach (var headers in (IEnumerable<(string, string)[]>)[[("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA"), ("Connection", "Upgrade, HTTP2-Settings")], [("Accept", "text/event-stream")]])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/menu");
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await app.Client.SendAsync(request);
            Assert.AreEqual("tea", await response.Content.ReadAsStringAsync());
        }
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Event_stream_that_was_not_asked_for()
    {
        await using var app = await TracedApp.Start("Chat");
        StringAssert.Contains(await app.Client.GetStringAsync(new Uri("ticks", UriKind.Relative)), "data: 2");
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Web_socket_that_a_middleware_accepts()
    {
        await using var app = await TracedApp.Start("Chat");
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new UriBuilder(app.Client.BaseAddress!) { Scheme = "ws", Path = "/door" }.Uri, default);
            await Close(socket);
        }
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Web_socket_over_HTTP_2()
    {
        await using var app = await TracedApp.Start("Chat", ("Kestrel__EndpointDefaults__Protocols", "Http2"));
        using (var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } })
        using (var invoker = new HttpMessageInvoker(new SocketsHttpHandler()))
        {
            await socket.ConnectAsync(new UriBuilder(app.Client.BaseAddress!) { Scheme = "ws", Path = "/echo" }.Uri, invoker, default);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, default);
            Assert.AreEqual(5, (await socket.ReceiveAsync(new byte[16], default)).Count);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        Snapshot.Matches((await app.Stop()).Traces);
    }

    static async Task Close(ClientWebSocket socket)
    {
        Assert.AreEqual("closed", (await socket.ReceiveAsync(new byte[16], default)).CloseStatusDescription);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }
}
