using System.Net;
using System.Runtime.CompilerServices;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Services of others, called with their own libraries. Those that cannot be had here are stand-ins that speak as much of the protocol as is needed.</summary>
[TestClass]
public sealed class PartnersTests
{
    /// <summary>The server is traced, too: its spans belong to the caller's trace.</summary>
    [TestMethod]
    public async Task Grpc_client()
    {
        await using var server = await TracedApp.Start("Greeter", ("AGENT_MIDDLEWARE", "none"));
        await using var app = await TracedApp.Start("Partners", ("AGENT_MIDDLEWARE", "none"), ("Partners__Grpc", server.Client.BaseAddress!.ToString()));
        await Ask(app, "/grpc/hello?name=Ada", "Hello, Ada!");
        await Ask(app, "/grpc/often?name=Ada", "Hello, Ada! Hello, Ada!");
        await Ask(app, "/grpc/goodbye?name=Ada", "Unimplemented");
        var spans = (await app.Stop()).Traces.Concat((await server.Stop()).Traces).SelectMany(trace => trace.Nodes).Select(node => node.Span);
        Snapshot.Matches(Trace.Group([.. spans]));
    }

    [TestMethod]
    public async Task Azure()
    {
        using var storage = new FakeStorage();
        await Run("Azure", $"BlobEndpoint={storage.Address}account;SharedAccessSignature=sv=2026-01-01&sig=s3cret-password",
            [("/azure/blob?name=first", "Dear Sir or Madam"), ("/azure/missing", "NoSuchKey")]);
    }

    [TestMethod]
    public async Task Aws()
    {
        using var storage = new FakeStorage();
        await Run("Aws", storage.Address, [("/aws/object?name=first", "Dear Sir or Madam"), ("/aws/missing", "NoSuchKey")]);
    }

    static async Task Run(string partner, string address, (string Path, string Answer)[] requests, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Partners", ("AGENT_MIDDLEWARE", "none"), ($"Partners__{partner}", address));
        foreach (var (path, answer) in requests)
            await Ask(app, path, answer);
        var (traces, ended) = await app.Stop();
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Snapshot.Matches(traces, test: test);
    }

    static async Task Ask(TracedApp app, string path, string expected)
    {
        using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.AreEqual((HttpStatusCode.OK, expected), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }
}
