using System.Runtime.CompilerServices;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>
/// Libraries that ask a database again and again whether there is something to do: the app's requests and what comes of them are all that there is. Of a library's own commands inside
/// of these nothing is said here, which are its affair.
/// </summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class LookoutTests
{
    static Server _server = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _) => _server = await Servers.StartPostgres();

    [ClassCleanup]
    public static async Task Stop() => await _server.DisposeAsync();

    /// <summary>With a filter and a process of the app's, which the library's server runs.</summary>
    [TestMethod]
    public Task Hangfire() => Run("Hangfire", [("/job?name=bread", "bread is done"), ("/job?name=hopeless", "hopeless is done"), ("/note", "note is done"), ("/inspect", "inspection is done")]);

    [TestMethod]
    public Task Quartz() => Run("Quartz", [("/job?name=bread", "bread is done"), ("/job?name=hopeless", "hopeless is done")]);

    [TestMethod]
    public Task Rebus() => Run("Rebus", [("/message?name=bread", "bread is done"), ("/message?name=hopeless", "hopeless is done"), ("/later?name=cake", "cake is done")]);

    [TestMethod]
    public Task Rebus_with_messages_for_later() => Run("RebusTimeouts", [("/later?name=bread", "bread is done"), ("/later?name=hopeless", "hopeless is done")]);

    [TestMethod]
    public Task Cap() => Run("Cap", [("/message?name=bread", "bread is done"), ("/message?name=hopeless", "hopeless is done")]);

    [TestMethod]
    public Task Wolverine() => Run("Wolverine", [("/message?name=bread", "bread is done"), ("/message?name=hopeless", "hopeless is done")]);

    [TestMethod]
    public Task Orleans() => Run("Orleans", [("/grain?name=Ann", "1 coins"), ("/grain?name=Ann", "2 coins"), ("/reminder?name=Bea", "Bea is done")]);

    /// <summary>Outside of the silo, which is another process.</summary>
    [TestMethod]
    public async Task Orleans_client()
    {
        var ports = ("Lookout__Ports", $"{TestApp.FreePort()} {TestApp.FreePort()}");
        await using var silo = await Start("Orleans", ports);
        await Run("OrleansClient", [("/grain?name=Cid", "1 coins")], ports);
    }

    [TestMethod]
    public async Task Polling_is_traced_where_it_is_asked_for()
    {
        await using var app = await Start("Hangfire", ("AGENT_POLLING", "true"));
        await app.Answers(("/idle?commands=40", "idle"));
        Assert.IsTrue((await app.StopQuiet()).Any(static trace => trace.Roots[0].Span.Name == "UPDATE hangfire.server"));
    }

    static async Task Run(string part, (string Path, string Answer)[] requests, (string, string?)? setting = null, [CallerMemberName] string test = "")
    {
        await using var app = await (setting is { } one ? Start(part, one) : Start(part));
        await app.Answers([("/idle?commands=20", "idle"), .. requests, ("/idle?commands=20", "idle")]);
        var traces = (await app.StopQuiet()).Select(static trace => new Trace(trace.Nodes.Select(static node => node.Span).Where(IsTheAppsAffair)));
        Snapshot.Matches(traces.OrderBy(static trace => trace.Roots[0].Span.Kind is not SpanKind.Server), test: test); // what goes on beside requests has no place among them
    }

    static bool IsTheAppsAffair(ReceivedSpan span) => span.ScopeName != "Npgsql" || span.ParentSpanId is null || span.Name == "SELECT pg_database";

    static Task<TracedApp> Start(string part, params (string, string?)[] settings)
    {
        _server.MustBeThere();
        return TracedApp.Start("Lookout", [("AGENT_MIDDLEWARE", "none"), ("OTEL_DOTNET_AUTO_TRACES_HOSTEDSERVICE_INSTRUMENTATION_ENABLED", "false"), ("Lookout__Part", part),
            ("ConnectionStrings__Lookout", PostgresTests.Setting(_server).Item2), ("Lookout__Ports", $"{TestApp.FreePort()} {TestApp.FreePort()}"), .. settings]);
    }
}
