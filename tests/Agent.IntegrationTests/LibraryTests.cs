using System.Net;
using System.Net.Http.Json;

namespace Agent.IntegrationTests;

/// <summary>MVC: actions, filters of every stage, views, view components, API controllers.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class LibraryTests
{
    [TestMethod]
    public Task View_with_partials_a_view_component_and_filters() => Traced(HttpStatusCode.OK, "/");

    [TestMethod]
    public Task Load_that_finds_nothing() => Traced(HttpStatusCode.NotFound, "/Books/Details/2");

    [TestMethod]
    public Task Form_without_antiforgery_token() =>
        Traced(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, "/Books/Lend") { Content = new FormUrlEncodedContent([new("Reader", "Ada")]) });

    [TestMethod]
    public Task Authorization_filter_that_answers_by_itself() => Traced(HttpStatusCode.Forbidden, "/Books/Archive");

    [TestMethod]
    public Task Authorization_filter_that_lets_pass() =>
        Traced(HttpStatusCode.OK, new HttpRequestMessage(HttpMethod.Get, "/Books/Archive") { Headers = { { "Member", "4711" } } });

    [TestMethod]
    public Task Controller_that_is_a_filter_itself() => Traced(HttpStatusCode.OK, "/Rooms");

    [TestMethod]
    public Task Controller_that_answers_before_its_action() =>
        Traced(HttpStatusCode.Locked, new HttpRequestMessage(HttpMethod.Get, "/Rooms") { Headers = { { "Noisy", "yes" } } });

    [TestMethod]
    public Task Exception_of_an_action() => Traced(HttpStatusCode.InternalServerError, "/Books/Broken");

    [TestMethod]
    public Task Exception_that_an_exception_filter_handles() => Traced(HttpStatusCode.GatewayTimeout, "/Books/Slow");

    [TestMethod]
    public Task Exception_of_a_view() => Traced(HttpStatusCode.InternalServerError, "/Books/BrokenView");

    [TestMethod]
    public Task Api_get() => Traced(HttpStatusCode.OK, "/api/readers/3");

    [TestMethod]
    public Task Api_post() =>
        Traced(HttpStatusCode.Created, new HttpRequestMessage(HttpMethod.Post, "/api/readers") { Content = JsonContent.Create(new { Id = 1, Name = "Ada" }) });

    [TestMethod]
    public Task Api_post_that_is_not_valid() =>
        Traced(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, "/api/readers") { Content = JsonContent.Create(new { Id = "one" }) });

    [TestMethod]
    public async Task Families_and_single_patches_that_are_switched_off()
    {
        await using var app = await TracedApp.Start("Library",
            ("OTEL_DOTNET_AUTO_TRACES_LOADS_INSTRUMENTATION_ENABLED", "false"),
            ("OTEL_DOTNET_AUTO_TRACES_VIEW_INSTRUMENTATION_ENABLED", "true"),
            ("OTEL_DOTNET_AUTO_TRACES_FILTER_INSTRUMENTATION_ENABLED", "false"));
        using var response = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public async Task Debug_log_lists_what_is_patched()
    {
        await using var app = await TracedApp.Start("Library", ("OTEL_LOG_LEVEL", "debug"), ("OTEL_DOTNET_AUTO_TRACES_LAYOUT_INSTRUMENTATION_ENABLED", "false"));
        using var response = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        var log = (await app.Stop()).App.Error;
        StringAssert.Contains(log, "ControllerActionPatch (Prefix, Finalizer): Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker.InvokeActionMethodAsync(): Task: installed");
        StringAssert.Contains(log, "patch LayoutPatch is switched off");
        Assert.DoesNotContain("LayoutPatch (", log);
    }

    static Task Traced(HttpStatusCode expected, string path, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        Traced(expected, new HttpRequestMessage(HttpMethod.Get, path), test);

    static async Task Traced(HttpStatusCode expected, HttpRequestMessage request, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Library");
        using var response = await app.Client.SendAsync(request);
        Assert.AreEqual(expected, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }
}
