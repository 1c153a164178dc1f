using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Tracing.Current and Tracing.Root in every kind of handler: a note written there arrives on the handler's span, and on the request's.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class NotebookTests
{
    [TestMethod]
    public async Task Middleware_and_minimal_handler()
    {
        var trace = await Requested("/minimal");
        Noted(trace, "middleware", "middleware Program.cs:");
        Noted(trace, "middleware, after the next", "middleware Program.cs:");
        Noted(trace, "minimal handler", "endpoint /minimal");
    }

    [TestMethod]
    public async Task Endpoint_filter_and_the_handler_behind_it()
    {
        var trace = await Requested("/filtered");
        Noted(trace, "endpoint filter", "filter Program.cs:31");
        Noted(trace, "handler behind a filter", "handler /filtered");
    }

    [TestMethod]
    public async Task Razor_page_and_its_view()
    {
        var trace = await Requested("/Page");
        Noted(trace, "page", "page /Page OnGet");
        Noted(trace, "view of a page", "view /Pages/Page.cshtml");
    }

    [TestMethod]
    public async Task Page_that_is_a_filter_itself()
    {
        var trace = await Requested("/Diary");
        var own = Noted(trace, "own filter method", "filter DiaryModel OnPageHandlerExecuting").Span;
        Assert.AreEqual(("page", true), (own.Attributes["dispatch.filter.stage"], own.Attributes["dispatch.filter.short_circuited"]));
    }

    /// <summary>
    /// The body comes when it has been asked for, and another request has been answered since: while the model is bound. The app has one thread for both,
    /// so the one that has asked for the body has gone as far as it could.
    /// </summary>
    [TestMethod]
    [DataRow("Library", "/api/readers", """{"Id":1,"Name":"Ada"}""", "endpoint api/readers", "action Readers.Add")]
    [DataRow("Notebook", "/Diary", "\"rain\"", "endpoint Diary", null)]
    public async Task Model_binding_that_has_to_wait(string name, string path, string body, string around, string? after)
    {
        await using var app = await TracedApp.Start(name, ("DOTNET_PROCESSOR_COUNT", "1"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1"));
        using (var client = new TcpClient(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port))
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"));
            Assert.AreEqual("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
            using var response = await app.Client.GetAsync(new Uri("/nothing/here", UriKind.Relative));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(body));
            Assert.AreEqual("", await reader.ReadLineAsync());
            StringAssert.StartsWith(await reader.ReadLineAsync(), "HTTP/1.1 ");
        }
        var trace = (await app.Stop()).Traces.Single(trace => trace.Roots.Single().Span.Name.StartsWith("POST ", StringComparison.Ordinal));
        var binding = trace.Nodes.Single(node => node.Span.Name == "model binding");
        Assert.AreEqual((around, "load"), (binding.Parent!.Span.Name, binding.Span.Attributes["dispatch.kind"]));
        var action = trace.Nodes.SingleOrDefault(node => node.Span.Name == after);
        Assert.AreEqual(after, action?.Span.Name);
        Assert.IsTrue(action is null || binding.Span.EndUnixNano <= action.Span.StartUnixNano, "binding ends before the action begins");
    }

    [TestMethod]
    public async Task Mvc_action_its_filter_and_its_view()
    {
        var trace = await Requested("/notes");
        Noted(trace, "filter", "filter Note action");
        Noted(trace, "filter, after the action", "filter Note action");
        Noted(trace, "action", "action Notes.Index");
        Noted(trace, "view of an action", "view /Views/Notes/Index.cshtml");
    }

    /// <summary>One method, in the class that both derive from, with as many instances as there are types for it.</summary>
    [TestMethod]
    public async Task Filters_of_one_generic_class()
    {
        var trace = await Requested("/notes/stamped");
        Assert.AreEqual("result RedStamp, result BlueStamp", string.Join(", ", trace.Nodes.Where(node => node.Span.Name.StartsWith("filter ", StringComparison.Ordinal)).Select(node => $"{node.Span.Attributes["dispatch.filter.stage"]} {node.Span.Name.Split(' ')[1]}")));
    }

    [TestMethod]
    public async Task Exception_handler()
    {
        var trace = await Requested("/broken");
        var handler = Noted(trace, "exception handler", null);
        Assert.IsNotNull(Above(handler).FirstOrDefault(node => node.Span.Name == "exception handler"));
    }

    [TestMethod]
    public async Task Hub_method()
    {
        await using var app = await TracedApp.Start("Notebook");
        using (var socket = await HubProtocol.Connect(app.Client.BaseAddress!, "/hub"))
        {
            await HubProtocol.Greet(socket);
            await HubProtocol.Send(socket, """{"type":1,"invocationId":"1","target":"Write","arguments":[]}""");
            await HubProtocol.Heard(socket, "\"result\":\"hub\"");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        // A call is the root of its own trace; the connection is another one.
        Noted((await app.Stop()).Traces.Single(trace => trace.Roots[0].Span.Name == "NoteHub/Write"), "hub", "NoteHub/Write");
    }

    static async Task<Trace> Requested(string path)
    {
        await using var app = await TracedApp.Start("Notebook");
        using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (await app.Stop()).Traces.Single();
    }

    /// <summary>The note is on the root and on one span whose name begins like this.</summary>
    static TraceNode Noted(Trace trace, string where, string? name)
    {
        Assert.AreEqual(true, trace.Roots.Single().Span.Attributes.GetValueOrDefault($"root.{where}"), where);
        Assert.AreEqual(SpanKind.Server, trace.Roots.Single().Span.Kind);
        var noted = trace.Nodes.Single(node => node.Span.Attributes.ContainsKey($"current.{where}"));
        if (name is not null)
            StringAssert.StartsWith(noted.Span.Name, name);
        return noted;
    }

    static IEnumerable<TraceNode> Above(TraceNode? node)
    {
        for (; node is not null; node = node.Parent)
            yield return node;
    }
}
