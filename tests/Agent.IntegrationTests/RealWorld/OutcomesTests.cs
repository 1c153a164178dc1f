using System.Net;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>What a handler has come to is what the response says, not what it seems to be when the handler returns.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class OutcomesTests
{
    [TestMethod]
    public async Task Of_actions_and_pages_and_handlers_behind_filters()
    {
        await using var app = await TracedApp.Start("Outcomes");
        foreach (var (path, status) in ((string, HttpStatusCode)[])
        [
            ("actions/taken", HttpStatusCode.Conflict),
            ("actions/members", HttpStatusCode.Redirect),
            ("actions/staff", HttpStatusCode.Redirect),
            ("actions/enter", HttpStatusCode.Redirect),
            ("actions/away", HttpStatusCode.Redirect),
            ("actions/elsewhere", HttpStatusCode.Redirect),
            ("actions/broken", HttpStatusCode.InternalServerError),
            ("gone", HttpStatusCode.Gone),
            ("filtered/challenge", HttpStatusCode.Redirect),
            ("filtered/replaced", HttpStatusCode.Conflict),
        ])
        {
            using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.AreEqual(status, response.StatusCode, path);
        }
        Snapshot.Matches((await app.Stop()).Traces);
    }

    /// <summary>Its code runs until the last item, whatever it returned before the first.</summary>
    [TestMethod]
    public async Task A_handler_that_returns_a_stream_lasts_as_long_as_that()
    {
        await using var app = await TracedApp.Start("Outcomes");
        using (var response = await app.Client.GetAsync(new Uri("filtered/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            using (await app.Client.GetAsync(new Uri("next", UriKind.Relative)))
                StringAssert.Contains(await response.Content.ReadAsStringAsync(), "data: 2");
        }
        var spans = (await app.Stop()).Traces.SelectMany(trace => trace.Nodes).Select(node => node.Span).ToList();
        var handler = spans.Single(span => span.Name == "handler /filtered/events");
        Assert.IsGreaterThan(spans.Single(span => span.Name == "GET /next").StartUnixNano, handler.EndUnixNano);
        Assert.IsLessThanOrEqualTo(spans.Single(span => span.Name == "GET /filtered/events").EndUnixNano, handler.EndUnixNano);
        Assert.AreEqual("success", handler.Attributes["dispatch.result.type"]);
    }
}
