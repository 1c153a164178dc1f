using System.Runtime.CompilerServices;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Services of others, called with their own libraries. Those that cannot be had here are stand-ins that speak as much of the protocol as is needed.</summary>
[TestClass]
public sealed class PartnersTests
{
    const string Lost = """{"errors":[{"message":"Error trying to resolve field \u0027lost\u0027.","locations":[{"line":1,"column":3}],"path":["lost"],"extensions":{"code":"INVALID_OPERATION","codes":["INVALID_OPERATION"]}}],"data":{"lost":null}}""";

    /// <summary>The server is traced, too: its spans belong to the caller's trace.</summary>
    [TestMethod]
    public async Task Grpc_client()
    {
        await using var server = await TracedApp.Start("Greeter", ("AGENT_MIDDLEWARE", "none"));
        await using var app = await TracedApp.Start("Partners", ("AGENT_MIDDLEWARE", "none"), ("Partners__Grpc", server.Client.BaseAddress!.ToString()));
        await app.Answers(("/grpc/hello?name=Ada", "Hello, Ada!"), ("/grpc/often?name=Ada", "Hello, Ada! Hello, Ada!"), ("/grpc/goodbye?name=Ada", "Unimplemented"));
        var spans = (await app.Stop()).Traces.Concat((await server.Stop()).Traces).SelectMany(trace => trace.Nodes).Select(node => node.Span);
        Snapshot.Matches(Trace.Group([.. spans]));
    }

    [TestMethod]
    public async Task Azure()
    {
        using var storage = new FakeStorage();
        await Run("Azure", $"BlobEndpoint={storage.Address}account;TableEndpoint={storage.Address}account;SharedAccessSignature=sv=2026-01-01&sig=s3cret-password",
            [("/azure/blob?name=first", "Dear Sir or Madam"), ("/azure/missing", "NoSuchKey"),
                ("/azure/entity?name=first", "Dear Sir or Madam"), ("/azure/query?text=s3cret-text", "1"), ("/azure/missingentity", "ResourceNotFound")]);
    }

    /// <summary>With the options that a client has unless they are set. The second time nothing has to be asked about the account.</summary>
    [TestMethod]
    public async Task Cosmos()
    {
        using var cosmos = new FakeCosmos();
        await Run("Cosmos", cosmos.Address, [("/cosmos?id=s3cret-order", "Dear Sir or Madam"), ("/cosmos?id=missing", "NotFound"), ("/cosmos?id=refused", "Forbidden"), ("/cosmos/query?text=s3cret-text", "Dear Sir or Madam")]);
    }

    [TestMethod]
    public async Task Aws()
    {
        using var storage = new FakeStorage();
        await Run("Aws", storage.Address, [("/aws/object?name=first", "Dear Sir or Madam"), ("/aws/missing", "NoSuchKey")]);
    }

    [TestMethod]
    [DataRow("", DisplayName = "")]
    [DataRow("telemetry", DisplayName = "switched on by the app")]
    public Task GraphQL(string mode) => Run("GraphQL", mode, [("/graphql?query=query Greeting { letter(to: \"s3cret\") }", """{"data":{"letter":"Dear s3cret"}}"""), ("/graphql?query={ lost }", Lost)], $"GraphQL{mode}");

    [TestMethod]
    public Task Mediator_in_the_app() => Run("MediatR", "", [("/mediatr/send?name=Ada", "Dear Ada"), ("/mediatr/publish", "published"), ("/mediatr/send?name=nobody", "Nobody reads letters.")]);

    /// <summary>Whether the app has asked Orleans to propagate activities makes no difference, and in the time of 300 calls that the silo makes by itself there is no trace.</summary>
    [TestMethod]
    [DataRow("")]
    [DataRow("propagation")]
    public Task Orleans(string mode) => Run("Orleans", $"{TestApp.FreePort()} {TestApp.FreePort()} {mode}", [("/orleans?name=Ada", "Dear Ada"), ("/orleans/unread", "Nobody reads letters."),
        ("/orleans/stream?name=Eve", "Dear Ada"), ("/orleans/timer?name=Ida", "Dear Ada"), ("/orleans/reminder?name=Uma", "Dear Ada"), ("/orleans/idle?calls=300", "idle")]);

    [TestMethod]
    public async Task Grains_called_by_a_request_that_is_ignored()
    {
        await using var app = await TracedApp.Start("Partners", ("AGENT_IGNORE_PATHS", "/orleans"), ("Partners__Orleans", $"{TestApp.FreePort()} {TestApp.FreePort()}"));
        await app.Answers(("/orleans?name=Ada", "Dear Ada"));
        Assert.IsEmpty(await app.StopQuiet());
    }

    [TestMethod]
    public Task Wolverine() => Run("Wolverine", "true", [("/wolverine/invoke?name=Ada", "Dear Ada"), ("/wolverine/publish?name=Ada", "Ada has read it"), ("/wolverine/invoke?name=nobody", "Nobody reads letters."), ("/wolverine/publish?name=nobody", "nobody has read it")]);

    [TestMethod]
    public async Task Soap()
    {
        using var office = new FakePostOffice();
        await Run("Soap", office.Address, [("/soap/async?name=Ada", "Dear Ada"), ("/soap/sync?name=Ada", "Dear Ada"), ("/soap/fault", "Nobody reads letters."),
            ("/soap/begin?name=Ada", "Dear Ada"), ("/soap/callback?name=nobody", "Nobody reads letters."), ("/soap/wait?name=Ada", "Dear Ada")]);
    }

    [TestMethod]
    public async Task Nats()
    {
        await using var server = await Servers.StartNats();
        server.MustBeThere();
        await Run("Nats", $"nats://127.0.0.1:{server.Port}", [("/nats/publish?name=Ada", "Dear Ada"), ("/nats/request?name=Ada", "Dear Ada"), ("/nats/worker?name=ada", "Dear ada"), ("/nats/stream?name=Ada", "Dear Ada")]);
    }

    static async Task Run(string partner, string address, (string Path, string Answer)[] requests, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Partners", ("AGENT_MIDDLEWARE", "none"), ($"Partners__{partner}", address));
        await app.Answers(requests);
        Snapshot.Matches((await app.StopQuiet()).Where(trace => !trace.Roots.Any(root => root.Span.Name == "publish letters.ready")), test: test); // of those there are as many as it takes
    }
}
