using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>SignalR and other connections that stay open: no span of a middleware lasts as long as they do.</summary>
[TestClass]
public sealed class ChatTests
{
    /// <summary>The end of a message in SignalR's JSON protocol.</summary>
    const char End = '\u001e';

    [TestMethod]
    public async Task Hub_call() => await Called("""{"type":1,"invocationId":"1","target":"Echo","arguments":["a secret"]}""", """{"type":3,"invocationId":"1","result":"a secret"}""");

    [TestMethod]
    public async Task Hub_call_that_fails() => await Called("""{"type":1,"invocationId":"1","target":"Fail","arguments":["a secret"]}""", "The room is on fire.");

    [TestMethod]
    public async Task Hub_call_that_is_refused() => await Called("""{"type":1,"invocationId":"1","target":"Refuse","arguments":[]}""", "not for you");

    [TestMethod]
    public async Task Stream_from_a_hub() => await Called("""{"type":4,"invocationId":"1","target":"Count","arguments":[3]}""", """{"type":3,"invocationId":"1"}""");

    [TestMethod]
    public async Task Stream_to_a_hub() => await Called(
        string.Join(End, """{"type":1,"invocationId":"1","target":"Sum","arguments":[],"streamIds":["s"]}""", """{"type":2,"invocationId":"s","item":1}""",
            """{"type":2,"invocationId":"s","item":2}""", """{"type":3,"invocationId":"s"}"""),
        """{"type":3,"invocationId":"1","result":3}""");

    static async Task Called(string message, string answer, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Chat");
        using (var socket = await Connect(app, "/chat"))
        {
            await Send(socket, """{"protocol":"json","version":1}""");
            await Heard(socket, "{}");
            await Send(socket, message);
            await Heard(socket, answer);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }

    [TestMethod]
    public async Task Web_socket_of_the_apps_own()
    {
        await using var app = await TracedApp.Start("Chat");
        using (var socket = await Connect(app, "/echo"))
        {
            await Send(socket, "hello");
            await Heard(socket, "hello");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Server_sent_events()
    {
        await using var app = await TracedApp.Start("Chat");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ticks") { Headers = { { "Accept", "text/event-stream" } } };
        using var response = await app.Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        StringAssert.Contains(await response.Content.ReadAsStringAsync(), "data: 2");
        Snapshot.Matches((await app.Stop()).Traces);
    }

    static async Task<ClientWebSocket> Connect(TracedApp app, string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(app.Client.BaseAddress!) { Scheme = "ws", Path = path }.Uri, default);
        return socket;
    }

    static Task Send(ClientWebSocket socket, string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, default);

    static async Task Heard(ClientWebSocket socket, string expected)
    {
        var (heard, buffer) = (new StringBuilder(), new byte[4096]);
        while (!heard.ToString().Contains(expected, StringComparison.Ordinal))
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), default);
            Assert.AreNotEqual(WebSocketMessageType.Close, received.MessageType, $"The connection was closed; heard so far: {heard}");
            heard.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }
    }
}
