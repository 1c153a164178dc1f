using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// Requests that end earlier or later than what they have begun. What runs on after the answer keeps its errors and gives none to the next request, and
/// «aborted» means that the client left before it had everything: neither that the server's patience is over, nor that it works on.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class DeadlinesTests
{
    /// <summary>Both requests come on one connection, so they have one context, one after the other.</summary>
    [TestMethod]
    public async Task What_fails_after_the_answer_has_failed_and_nothing_else()
    {
        await using var app = await TracedApp.Start("Deadlines");
        await Get(app.Client, "/hurry/up", HttpStatusCode.ServiceUnavailable);
        await Get(app.Client, "/finish", HttpStatusCode.ServiceUnavailable);
        var (traces, ended) = await app.Stop();
        Snapshot.Matches(traces);
        HasSaidNothing(ended);
    }

    /// <summary>More often than anything of ours may fail before it is given up.</summary>
    [TestMethod]
    public async Task What_comes_to_its_endpoint_after_the_answer_takes_no_span_from_others()
    {
        await using var app = await TracedApp.Start("Deadlines");
        using (var other = new HttpClient { BaseAddress = app.Client.BaseAddress })
        {
            for (var i = 0; i < 8; i++)
                await Get(app.Client, "/hurry/later", HttpStatusCode.ServiceUnavailable);
            await Get(other, "/finish", HttpStatusCode.ServiceUnavailable);
        }
        await Get(app.Client, "/", HttpStatusCode.OK);
        var (traces, ended) = await app.Stop();
        Assert.AreEqual("endpoint /", traces[^1].Nodes[^1].Span.Name);
        Assert.HasCount(8, traces.SelectMany(trace => trace.Nodes).Where(node => node.Span is { Name: "middleware Overtime", StatusCode: Viewer.SpanStatusCode.Error }).ToList());
        HasSaidNothing(ended);
    }

    [TestMethod]
    public async Task What_the_server_ends_or_goes_on_with_is_not_aborted()
    {
        await using var app = await TracedApp.Start("Deadlines");
        await Get(app.Client, "/timeout", HttpStatusCode.GatewayTimeout);
        await Get(app.Client, "/late", HttpStatusCode.OK);
        await Get(app.Client, "/replaced", HttpStatusCode.OK);
        using (var connection = await Send(app, "/overtime"))
        {
            var answer = new StringBuilder();
            var buffer = new byte[1024];
            while (!answer.ToString().EndsWith("complete", StringComparison.Ordinal))
                answer.Append(Encoding.ASCII.GetString(buffer, 0, await connection.GetStream().ReadAsync(buffer)));
        }
        await Assert.ThrowsAsync<HttpRequestException>(() => app.Client.GetAsync(new Uri("/cut", UriKind.Relative)));
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task A_client_that_leaves_has_aborted()
    {
        await using var app = await TracedApp.Start("Deadlines");
        using (await Send(app, "/left"))
            await Get(app.Client, "/left/begun", HttpStatusCode.OK);
        Snapshot.Matches((await app.Stop()).Traces.OrderBy(trace => trace.Roots[0].Span.Name, StringComparer.Ordinal)); // either may begin first
    }

    /// <summary>A client that leaves as soon as it likes: HttpClient may try again.</summary>
    static async Task<TcpClient> Send(TracedApp app, string path)
    {
        var address = app.Client.BaseAddress!;
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
        return client;
    }

    static async Task Get(HttpClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.AreEqual(expected, response.StatusCode, path);
        await response.Content.ReadAsStringAsync();
    }

    /// <summary>But the line at start.</summary>
    static void HasSaidNothing(EndedApp ended) => Assert.HasCount(1, ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), ended.Error);
}
