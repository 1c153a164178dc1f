using System.Diagnostics;
using Agent.AspNetCore;
using Agent.Tracing;

namespace Agent.UnitTests;

[TestClass]
public sealed class ResponseResultTests : IDisposable
{
    readonly Spans _spans = new();

    public void Dispose() => _spans.Dispose();

    /// <summary>The span's tags and whether it is an error: «known_error 500 error».</summary>
    string Describe(int status, string? location = null, bool hasReader = true, Exception? exception = null, bool isAbort = false) =>
        Described(span => ResponseResult.Describe(span, exception, new Answer(status, location, hasReader), _ => isAbort ? "aborted" : null));

    string Described(Action<SpanRecord> describe)
    {
        using var span = _spans.Start("handler");
        describe(new SpanRecord(span));
        string[] names = ["dispatch.result.type", "dispatch.result.status", "dispatch.result.location", "error.type"];
        var known = names.Select(name => span.GetTagItem(name)).Where(value => value is not null).ToList();
        Assert.HasCount(known.Count, span.TagObjects);
        return string.Join(' ', known) + (span.Status == ActivityStatusCode.Error ? " error" : "");
    }

    [TestMethod]
    public void Success()
    {
        Assert.AreEqual("success 101", Describe(101));
        Assert.AreEqual("success 200", Describe(200));
        Assert.AreEqual("success 204", Describe(204));
        Assert.AreEqual("success 304", Describe(304));
    }

    [TestMethod]
    public void Statuses_400_and_422_are_failures()
    {
        Assert.AreEqual("failure 400", Describe(400));
        Assert.AreEqual("failure 422", Describe(422));
    }

    [TestMethod]
    public void Other_statuses_from_400_on_are_known_errors_and_from_500_on_errors_of_the_span()
    {
        Assert.AreEqual("known_error 401", Describe(401));
        Assert.AreEqual("known_error 404", Describe(404));
        Assert.AreEqual("known_error 499", Describe(499));
        Assert.AreEqual("known_error 500 500 error", Describe(500));
        Assert.AreEqual("known_error 503 503 error", Describe(503));
    }

    [TestMethod]
    [DataRow("/thanks", "/thanks")]
    [DataRow("/thanks?email=ada@example.org", "/thanks")]
    [DataRow("/thanks#ada", "/thanks")]
    [DataRow("https://example.org/thanks?a=1#b", "https://example.org/thanks")]
    public void A_redirect_says_where_it_leads_but_not_its_query(string url, string location) => Assert.AreEqual($"redirect 302 {location}", Describe(302, url));

    [TestMethod]
    public void Invalid_input_that_shows_the_page_again_is_a_failure() =>
        Assert.AreEqual("failure 200", Described(span => ResponseResult.DescribeFailure(span, 200)));

    [TestMethod]
    public void A_result_that_throws_is_an_unknown_error() =>
        Assert.AreEqual("unknown_error 500 500 error", Described(span => ResponseResult.DescribeUnknownError(span, 500)));

    [TestMethod]
    public void An_exception_is_an_unknown_error_whatever_the_response() => Assert.AreEqual("unknown_error", Describe(200, exception: new FormatException()));

    [TestMethod]
    public void An_exception_because_the_client_is_gone_is_an_abort() =>
        Assert.AreEqual("aborted", Describe(200, exception: new OperationCanceledException(), isAbort: true));

    [TestMethod]
    public void A_response_that_nobody_has_read_is_an_abort() => Assert.AreEqual("aborted", Describe(200, hasReader: false));

    [TestMethod]
    public void Of_a_request_that_had_ended_nothing_is_known() => Assert.AreEqual("", Described(span => ResponseResult.Describe(span, null, null, _ => null)));
}
