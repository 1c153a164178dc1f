using System.Net;
using System.Net.Http.Json;

namespace Agent.IntegrationTests;

/// <summary>Minimal APIs: handlers, endpoint filters, results.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class ParcelsTests
{
    [TestMethod]
    public Task Load() => Traced(HttpStatusCode.OK, "/parcels/7");

    [TestMethod]
    public Task Load_that_finds_nothing() => Traced(HttpStatusCode.NotFound, "/parcels/7000");

    [TestMethod]
    public Task Post() =>
        Traced(HttpStatusCode.Created, new HttpRequestMessage(HttpMethod.Post, "/parcels") { Content = JsonContent.Create(new { Id = 1, State = "new" }) });

    [TestMethod]
    public Task Post_that_cannot_be_read() =>
        Traced(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, "/parcels") { Content = JsonContent.Create(new { Id = "one" }) });

    [TestMethod]
    public Task Redirect() => Traced(HttpStatusCode.Redirect, "/track");

    [TestMethod]
    public Task Exception() => Traced(HttpStatusCode.InternalServerError, "/broken");

    [TestMethod]
    public Task Status_of_500_and_above_without_an_exception() => Traced(HttpStatusCode.ServiceUnavailable, "/closed");

    [TestMethod]
    public Task Endpoint_filters() => Traced(HttpStatusCode.OK, "/depot/Ulm");

    [TestMethod]
    public Task Endpoint_filter_that_answers_by_itself() =>
        Traced((HttpStatusCode)423, new HttpRequestMessage(HttpMethod.Get, "/depot/Ulm") { Headers = { { "Sunday", "yes" } } });

    [TestMethod]
    public Task Post_behind_a_filter_that_redirects() => Traced(HttpStatusCode.Redirect, new HttpRequestMessage(HttpMethod.Post, "/depot/Ulm/close"));

    [TestMethod]
    public Task Handler_that_writes_the_response_itself() => Traced(HttpStatusCode.OK, "/motto");

    [TestMethod]
    public Task Handler_that_writes_the_response_itself_behind_a_filter() => Traced(HttpStatusCode.NotFound, "/depot/Ulm/sign");

    [TestMethod]
    public Task Endpoint_that_runs_inside_routing() => Traced(HttpStatusCode.OK, "/health");

    [TestMethod]
    public Task Address_that_routing_answers_itself() => Traced(HttpStatusCode.NotFound, "/robots.txt");

    static Task Traced(HttpStatusCode expected, string path, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        Traced(expected, new HttpRequestMessage(HttpMethod.Get, path), test);

    static async Task Traced(HttpStatusCode expected, HttpRequestMessage request, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Parcels");
        using var response = await app.Client.SendAsync(request);
        Assert.AreEqual(expected, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }
}
