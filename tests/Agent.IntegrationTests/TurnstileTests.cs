using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Hooks: middlewares of every style, authorization, exception handlers, caches and limits that answer by themselves.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class TurnstileTests
{
    [TestMethod]
    public Task Branch_that_is_taken() => Traced("/tour", HttpStatusCode.OK);

    [TestMethod]
    public Task Terminal_branch() => Traced("/museum", HttpStatusCode.OK);

    [TestMethod]
    public Task Status_page_by_reexecution() => Traced("/nowhere", HttpStatusCode.NotFound);

    [TestMethod]
    public Task Authorization_that_is_challenged() => Traced("/bar", HttpStatusCode.Unauthorized);

    [TestMethod]
    public Task Authorization_that_is_forbidden() => Traced("/bar", HttpStatusCode.Forbidden, ("Age", "17"));

    [TestMethod]
    public Task Authorization_that_succeeds() => Traced("/bar", HttpStatusCode.OK, ("Age", "18"));

    [TestMethod]
    public Task Authorization_for_a_resource_that_succeeds() => Traced("/locker/18", HttpStatusCode.OK, ("Age", "18"));

    [TestMethod]
    public Task Authorization_for_a_resource_that_fails() => Traced("/locker/18", HttpStatusCode.Forbidden, ("Age", "17"));

    [TestMethod]
    public Task Exception_that_a_handler_takes() => Traced("/slow", HttpStatusCode.GatewayTimeout);

    [TestMethod]
    public Task Exception_that_no_handler_takes() => Traced("/broken", HttpStatusCode.InternalServerError);

    [TestMethod]
    public async Task Rate_limit()
    {
        await using var app = await TracedApp.Start("Turnstile");
        await Get(app, "/ride", HttpStatusCode.OK);
        await Get(app, "/ride", HttpStatusCode.ServiceUnavailable);
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Output_cache_and_response_cache()
    {
        await using var app = await TracedApp.Start("Turnstile");
        foreach (var path in (string[])["/map", "/map", "/prices", "/prices"])
            await Get(app, path, HttpStatusCode.OK);
        Snapshot.Matches((await app.Stop()).Traces);
    }

    static async Task Traced(string path, HttpStatusCode expected, (string Name, string Value)? header = null, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Turnstile");
        if (header is var (name, value))
            app.Client.DefaultRequestHeaders.Add(name, value);
        await Get(app, path, expected);
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }

    static async Task Get(TracedApp app, string path, HttpStatusCode expected)
    {
        using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.AreEqual(expected, response.StatusCode);
        await response.Content.ReadAsStringAsync();
    }
}
