using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Actors: what each of them does with a message is seen in the trace of the one who has sent it, and nothing else is.</summary>
[TestClass]
public sealed class TroupeTests
{
    /// <summary>One is sent something before it has been made; one waits, and fails while it does; one keeps what it is sent for later; one gets the same object twice, numbers and texts; and a clock beats, which nobody has asked for.</summary>
    [TestMethod]
    public Task Akka() => Run([("/akka?name=Ada", "Dear Ada, Ada is done"), ("/akka?name=hopeless", "Dear hopeless, hopeless is done"), ("/akka/stash?name=Eve", "Eve is done"), ("/akka/router?name=Kit", "Kit is done"), ("/akka/again?name=s3cret", "7 True")]);

    /// <summary>One goes on after a task, and fails there.</summary>
    [TestMethod]
    public Task Proto() => Run([("/proto?name=Ada", "Dear Ada, Ada is done"), ("/proto?name=hopeless", "Dear hopeless, hopeless is done")]);

    static async Task Run((string Path, string Answer)[] requests, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Troupe", ("AGENT_MIDDLEWARE", "none"));
        await app.Answers(requests);
        Snapshot.Matches(await app.StopQuiet(), test: test);
    }
}
