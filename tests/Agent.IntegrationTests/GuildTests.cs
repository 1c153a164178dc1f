using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Libraries that hand work on inside of one process: who has it done sees in his trace how it went.</summary>
[TestClass]
public sealed class GuildTests
{
    /// <summary>Whichever overload is called; a handler may ask another one.</summary>
    [TestMethod]
    public Task Mediator() => Run("", [("/mediator/send?name=Ada", "Dear Ada"), ("/mediator/object?name=Ada", "Dear Ada"), ("/mediator/publish?name=Ada", "published"), ("/mediator/send?name=nobody", "Nobody is there.")]);

    /// <summary>What is queued is done in the trace of the one who has queued it; what is due is a trace of its own; what is not to be done is none.</summary>
    [TestMethod]
    public Task Coravel() => Run("Coravel", [("/coravel/queue?name=bread", "bread is done"), ("/coravel/task?name=letter", "letter is done"), ("/coravel/queue?name=hopeless", "hopeless is done"), ("/coravel/january?day=1&what=floor", "floor is done"), ("/coravel/january?day=2&what=song", "song is done")]);

    /// <summary>Its three queues are asked ten times a second each, of which nothing is seen.</summary>
    [TestMethod]
    public Task WorkflowCore() => Run("WorkflowCore", [("/workflow?name=house", "house is done"), ("/workflow?name=hopeless", "hopeless is done")]);

    /// <summary>Nothing is seen of its asking a database again and again, unless that is wanted; what a middleware of the app's asks is.</summary>
    [TestMethod]
    [DataRow("false", false)]
    [DataRow("true", true)]
    public async Task WorkflowCore_with_a_database(string polling, bool isSeen)
    {
        await using var app = await TracedApp.Start("Guild", ("Guild__Parts", "WorkflowCore"), ("Guild__Store", "true"), ("AGENT_POLLING", polling));
        await app.Answers(("/workflow?name=hut", "hut is done"), ("/workflow/inspected", "inspected"), ("/workflow/polled?times=20", "polled"));
        var names = (await app.StopQuiet()).SelectMany(static trace => trace.Nodes.Select(static node => node.Span.Name)).ToList();
        Assert.AreEqual(isSeen, names.Contains("SELECT"));
        Assert.Contains("SELECT sqlite_master", names);
    }

    /// <summary>Whose handler fails is tried again, with another span.</summary>
    [TestMethod]
    public Task Rebus() => Run("Rebus", [("/rebus?name=bread", "bread is done"), ("/rebus?name=hopeless", "hopeless is done")]);

    /// <summary>The library makes a result of what a subscriber throws.</summary>
    [TestMethod]
    public Task Cap() => Run("Cap", [("/cap?name=bread", "bread is done"), ("/cap?name=hopeless", "hopeless is done")]);

    /// <summary>Without what the worker says to its server, which is in the same process here.</summary>
    [TestMethod]
    public Task DurableTask() => Run("DurableTask", [("/durable?name=bread", "bread is done"), ("/durable?name=hopeless", "Failed")], [("Guild__Port", $"{TestApp.FreePort()}")]);

    /// <summary>What an orchestrator's code calls has no spans: it runs again for each thing that happens.</summary>
    [TestMethod]
    public async Task DurableTask_orchestrators_of_traced_methods()
    {
        await using var app = await Start("DurableTask", ("Guild__Port", $"{TestApp.FreePort()}"), ("AGENT_TRACE_METHODS", "Guild.Orchestrations.Named;Guild.Orchestrations.Done"));
        await app.Answers(("/durable?name=bread", "bread is done"));
        CollectionAssert.AreEqual((string[])["Orchestrations.Done"], (await app.Stop()).Traces.SelectMany(static trace => trace.Nodes).Select(static node => node.Span.Name).Where(static name => name.StartsWith("Orchestrations.", StringComparison.Ordinal)).ToArray());
    }

    /// <summary>
    /// All of a workflow is in the trace of the one who has started it, and has one span, whether the worker keeps it or runs its code from the beginning for each thing that happens. An idle
    /// worker asks its server all the time, of which nothing is seen.
    /// </summary>
    [TestMethod]
    [DataRow(100)]
    [DataRow(0)]
    public async Task Temporal(int cached)
    {
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address), ("Guild__Cached", $"{cached}"));
        await app.Answers(("/temporal?name=Ada", "Dear Ada"), ("/temporal?name=nobody", "WorkflowFailedException: Nobody is there."), ("/temporal/order?what=bread", "bread is noted, Dear Ada"),
            ("/temporal/ask?what=nothing", "RpcException: Nothing has no status. WorkflowUpdateFailedException: Nothing has no name. nothing is noted, Dear Ada"),
            ("/temporal/at-once?what=bread", "renamed bread is noted, Dear Ada"), ("/temporal/counting?from=1", "done"),
            ("/temporal/errand?how=later", "later is done"), ("/temporal/errand?how=stopped", "stopped is done"), ("/temporal/errand?how=benign", "benign is done"), ("/temporal/replay?name=Ada", "replayed 1"), ("/temporal/unknown", "RpcException: workflow not found"));
        server.StartElsewhere("Greet", "guild", "\"Ada\"", "schedule");
        await server.Ended("schedule");
        Snapshot.Matches(await app.StopQuiet());
    }

    /// <summary>As the tracing interceptors of its SDKs have it, in whatever language: one header, JSON, encoded as all else is.</summary>
    [TestMethod]
    public async Task Temporal_with_SDKs_of_other_languages()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Span = "00f067aa0ba902b7";
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address));
        server.StartElsewhere("Greet", "guild", "\"Ada\"", "from Go", $$"""{"traceparent":"00-{{Trace}}-{{Span}}-01","tracestate":"vendor=1"}""");
        await server.Ended("from Go");
        var traces = await app.StopQuiet();
        var workflow = traces.Single().Nodes.Single(static node => node.Span.Name == "workflow Greet").Span;
        Assert.AreEqual((Trace, Span), (workflow.TraceId, workflow.ParentSpanId));
        var header = server.ActivityHeaders.Single()!.Fields.Single();
        Assert.AreEqual(("_tracer-data", "json/plain", $$"""{"traceparent":"00-{{Trace}}-{{workflow.SpanId}}-01","tracestate":"vendor=1"}"""),
            (header.Key, header.Value.Metadata.Single(static field => field.Key == "encoding").Value.ToStringUtf8(), header.Value.Data.ToStringUtf8()));
    }

    /// <summary>What the app encodes its payloads with gets the headers too, and refuses on the other side what it has not encoded.</summary>
    [TestMethod]
    public async Task Temporal_with_a_codec()
    {
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address), ("Guild__Codec", "true"));
        await app.Answers(("/temporal/order?what=bread", "bread is noted, Dear Ada"));
        CollectionAssert.AreEquivalent((string[])["GET /temporal/order", "start Order", "signal Approve", "handle Approve", "workflow Order", "activity Ring", "activity Note", "workflow Greet", "activity Say", "SELECT"],
            (await app.StopQuiet()).Single().Nodes.Select(static node => node.Span.Name).ToArray());
    }

    /// <summary>Nothing comes twice.</summary>
    [TestMethod]
    public async Task Temporal_with_its_own_tracing()
    {
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address), ("Guild__Interceptor", "true"));
        await app.Answers(("/temporal?name=Ada", "Dear Ada"));
        CollectionAssert.AreEquivalent((string[])["GET /temporal", "StartWorkflow:Greet", "RunWorkflow:Greet", "RunActivity:Say", "SELECT"],
            (await app.StopQuiet()).SelectMany(static trace => trace.Nodes).Select(static node => node.Span.Name).ToArray());
    }

    /// <summary>Who starts a workflow without a trace has samplers asked once for all of it, and again in each replay, with the same answer.</summary>
    [TestMethod]
    public async Task Temporal_with_a_sampler()
    {
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address), ("Guild__Cached", "0"), ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.5"));
        string[] workflows = [.. Enumerable.Range(0, 40).Select(static number => $"schedule {number}")];
        foreach (var id in workflows)
            server.StartElsewhere("Greet", "guild", "\"Ada\"", id);
        await Task.WhenAll(workflows.Select(server.Ended));
        var traces = await app.StopQuiet();
        Assert.IsTrue(traces.Count is > 0 and < 40, $"{traces.Count} of 40"); // all or none in one of 2^39 times
        foreach (var trace in traces)
            CollectionAssert.AreEquivalent((string[])["workflow Greet", "activity Say", "SELECT"], trace.Nodes.Select(static node => node.Span.Name).ToArray());
    }

    /// <summary>
    /// Code of a workflow that fails by mistake is tried again, and says so each time. What else there would be spans of in the code has none: a task of another scheduler that begins or ends there
    /// fails the app's, whatever is switched off.
    /// </summary>
    [TestMethod]
    [DataRow("true")]
    [DataRow("false")]
    public async Task Temporal_workflows_of_traced_methods(string isOn)
    {
        await using var server = await FakeTemporal.Start();
        await using var app = await Start("Temporal", ("Guild__Temporal", server.Address), ("OTEL_DOTNET_AUTO_TRACES_TEMPORALIO_INSTRUMENTATION_ENABLED", isOn), ("AGENT_TRACE_METHODS", "Guild.TemporalWorkflows*"));
        await app.Answers(("/temporal/clumsy", "made"));
        var (traces, ended) = await app.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        var (nodes, on) = (traces.SelectMany(static trace => trace.Nodes).Where(static node => node.Span.Name is not ("startup" or "TemporalWorkflows.Map" or "TemporalWorkflows.Work")).ToArray(), isOn == "true");
        string[] plain = ["GET /temporal/clumsy", "TemporalWorkflows.Options", "TemporalWorkflows.Result"];
        CollectionAssert.AreEquivalent(on ? [.. plain, "TemporalWorkflows.Greetings.Ring", "start Clumsy", "workflow Clumsy", "workflow task Clumsy", "activity Ring"] : plain, nodes.Select(static node => node.Span.Name).ToArray());
        if (on)
            CollectionAssert.Contains(nodes.Single(static node => node.Span.Name == "workflow task Clumsy").Span.Attributes.Select(static attribute => $"{attribute.Key}={attribute.Value}").ToArray(), "error.type=System.InvalidOperationException");
    }

    static async Task Run(string parts, (string Path, string Answer)[] requests, (string Name, string? Value)[]? settings = null, [CallerMemberName] string test = "")
    {
        await using var app = await Start(parts, settings ?? []);
        await app.Answers(requests);
        Snapshot.Matches(await app.StopQuiet(), test: test);
    }

    static Task<TracedApp> Start(string parts, params (string Name, string? Value)[] settings) =>
        TracedApp.Start("Guild", [("AGENT_MIDDLEWARE", "none"), ("OTEL_DOTNET_AUTO_TRACES_HOSTEDSERVICE_INSTRUMENTATION_ENABLED", "false"), ("Guild__Parts", parts), .. settings]);
}
