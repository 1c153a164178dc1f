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

    static async Task Run(string parts, (string Path, string Answer)[] requests, (string Name, string? Value)[]? settings = null, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Guild", [("AGENT_MIDDLEWARE", "none"), ("OTEL_DOTNET_AUTO_TRACES_HOSTEDSERVICE_INSTRUMENTATION_ENABLED", "false"), ("Guild__Parts", parts), .. settings ?? []]);
        await app.Answers(requests);
        Snapshot.Matches(await app.StopQuiet(), test: test);
    }
}
