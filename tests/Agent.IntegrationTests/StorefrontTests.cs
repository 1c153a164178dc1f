using System.Net;

namespace Agent.IntegrationTests;

/// <summary>The whole span trees of the Storefront, request by request.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class StorefrontTests
{
    [TestMethod]
    public async Task Page()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    [TestCategory("OnOtherSystems")]
    public async Task Start()
    {
        await using var shop = await TracedApp.Start("Storefront");
        await shop.Stop();
        Snapshot.Matches(shop.StartTraces);
    }

    [TestMethod]
    public async Task Stop()
    {
        await using var shop = await TracedApp.Start("Storefront");
        await shop.Stop();
        Snapshot.Matches(shop.StopTraces);
    }

    [TestMethod]
    [TestCategory("OnOtherSystems")]
    public async Task Page_that_calls_its_own_service()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/Products/1"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Form_that_fails_validation()
    {
        await using var shop = await TracedApp.Start("Storefront");
        var token = await Storefront.OpenOrderForm(shop.Client);
        using var response = await Storefront.Post(shop.Client, "/Order", Storefront.Order(token, quantity: 0));
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Snapshot.Matches((await shop.Stop()).Traces.Skip(1));
    }

    [TestMethod]
    [TestCategory("OnOtherSystems")]
    public async Task Form_that_succeeds_and_redirects()
    {
        await using var shop = await TracedApp.Start("Storefront");
        var token = await Storefront.OpenOrderForm(shop.Client);
        using var response = await Storefront.Post(shop.Client, "/Order", Storefront.Order(token, quantity: 2));
        Assert.AreEqual(HttpStatusCode.Redirect, response.StatusCode);
        Snapshot.Matches((await shop.Stop()).Traces.Skip(1));
    }

    [TestMethod]
    public async Task Named_handler()
    {
        await using var shop = await TracedApp.Start("Storefront");
        var token = await Storefront.OpenOrderForm(shop.Client);
        using var response = await Storefront.Post(shop.Client, "/Order?handler=Quote", Storefront.Order(token, quantity: 2));
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Snapshot.Matches((await shop.Stop()).Traces.Skip(1));
    }

    [TestMethod]
    public async Task Form_without_antiforgery_token()
    {
        await using var shop = await TracedApp.Start("Storefront");
        using var response = await Storefront.Post(shop.Client, "/Order", Storefront.Order(token: "", quantity: 2));
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Redirect_from_a_load()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.Redirect, await Storefront.Get(shop.Client, "/about"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Known_error_from_a_load()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.NotFound, await Storefront.Get(shop.Client, "/Products/99"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Nothing_there()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.NotFound, await Storefront.Get(shop.Client, "/missing"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Exception()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.InternalServerError, await Storefront.Get(shop.Client, "/Boom"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Exception_in_development()
    {
        await using var shop = await TracedApp.Start("Storefront", ("ASPNETCORE_ENVIRONMENT", "Development"));
        Assert.AreEqual(HttpStatusCode.InternalServerError, await Storefront.Get(shop.Client, "/Boom"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Static_file_and_short_circuit()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/site.css"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Maintenance", "on" } } };
        using var response = await shop.Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Branch()
    {
        await using var shop = await TracedApp.Start("Storefront");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/ping"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task All_middlewares()
    {
        await using var shop = await TracedApp.Start("Storefront", ("AGENT_MIDDLEWARE", "all"));
        Assert.AreEqual(HttpStatusCode.Redirect, await Storefront.Get(shop.Client, "/about"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task No_middlewares()
    {
        await using var shop = await TracedApp.Start("Storefront", ("AGENT_MIDDLEWARE", "none"));
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        Snapshot.Matches((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task Methods_cannot_be_patched()
    {
        await using var shop = await TracedApp.Start("Storefront", ("DOTNET_EnableDiagnostics", "0"));
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/Products/1"));
        var (traces, app) = await shop.Stop();
        Snapshot.Matches(traces);
        StringAssert.Contains(app.Error, "Only the framework's own spans, because the runtime's diagnostics are switched off (DOTNET_EnableDiagnostics=0), so methods cannot be patched.");
        Assert.HasCount(1, app.Error.Trim().Split('\n'));
    }
}
