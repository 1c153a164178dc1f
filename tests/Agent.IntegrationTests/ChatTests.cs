using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using static Agent.IntegrationTests.HubProtocol;

namespace Agent.IntegrationTests;

/// <summary>SignalR and other connections that stay open: no span of a middleware lasts as long as they do.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class ChatTests
{
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

    [TestMethod]
    public Task Hub_call_that_asks_the_client() => Asked("""  "result":"tea"  """, "one tea");

    [TestMethod]
    public Task Hub_call_whose_client_has_no_answer() => Asked("""  "error":"sold out"  """, "sold out");

    static async Task Asked(string answer, string result, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Chat");
        using (var socket = await Connect(app.Client.BaseAddress!, "/chat"))
        {
            await Greet(socket);
            await Send(socket, """{"type":1,"invocationId":"1","target":"Order","arguments":[]}""");
            var asked = await Heard(socket, "ChooseDrink");
            var id = JsonDocument.Parse(asked.Split(End).Single(message => message.Contains("ChooseDrink", StringComparison.Ordinal))).RootElement.GetProperty("invocationId").GetString();
            await Send(socket, $$"""{"type":3,"invocationId":"{{id}}",{{answer}}}""");
            await Heard(socket, result);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }

    [TestMethod]
    public async Task Parallel_calls_on_one_connection_keep_their_spans_apart()
    {
        const int guests = 12;
        await using var app = await TracedApp.Start("Chat", ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Chat"));
        using (var socket = await Connect(app.Client.BaseAddress!, "/chat"))
        {
            await Greet(socket);
            // Every other one is a stream. None of them ends before all have begun.
            for (var guest = 0; guest < guests; guest++)
                await Send(socket, $$"""{"type":{{(guest % 2 == 0 ? 1 : 4)}},"invocationId":"{{guest}}","target":"{{(guest % 2 == 0 ? "Dine" : "DineSlowly")}}","arguments":[{{guest}},{{guests}}]}""");
            await Heard(socket, [.. Enumerable.Range(0, guests).Select(guest => $"\"type\":3,\"invocationId\":\"{guest}\"")]);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        var calls = (await app.Stop()).Traces.Where(trace => trace.Roots[0].Span.Name.StartsWith("ChatHub/Dine", StringComparison.Ordinal)).ToList();
        CollectionAssert.AreEquivalent(Enumerable.Range(0, guests).Select(guest => (object?)(long)guest).ToList(), calls.Select(call => call.Roots.Single().Span.Attributes["guest"]).ToList());
        foreach (var call in calls)
        {
            var root = call.Roots.Single();
            string[] steps = root.Span.Name == "ChatHub/Dine" ? ["drink", "eat", "get up", "sit down"] : ["eat", "eat", "sit down"];
            CollectionAssert.AreEqual(steps, root.Children.Select(step => step.Span.Name).Order(StringComparer.Ordinal).ToList());
            Assert.IsTrue(root.Children.All(step => step.Children.Count == 0 && Equals(step.Span.Attributes["guest"], root.Span.Attributes["guest"])), "somebody else's steps");
        }
        Assert.IsGreaterThan(calls.Max(call => call.StartUnixNano), calls.Min(call => call.EndUnixNano), "they ran at the same time");
    }

    static async Task Called(string message, string answer, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Chat");
        using (var socket = await Connect(app.Client.BaseAddress!, "/chat"))
        {
            await Greet(socket);
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
        using (var socket = await Connect(app.Client.BaseAddress!, "/echo"))
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
}
