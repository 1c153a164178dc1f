namespace Agent.IntegrationTests.RealWorld;

/// <summary>An app without endpoint routing, on the old host: its requests are named by the routes of its actions, and its routers cut nothing short.</summary>
[TestClass]
public sealed class HeirloomTests
{
    [TestMethod]
    public async Task Requests_are_named_by_the_routes_of_actions()
    {
        await using var app = await TracedApp.Start("Heirloom");
        foreach (var path in (string[])["/", "/clocks/WIND/5", "/api/clocks/5", "/attic", "/portraits/anna", "/ticks/5", "/clocks/sell", "/clocks/drop", "/nowhere"])
            using (await app.Client.GetAsync(new Uri(path, UriKind.Relative))) { }
        using (await app.Client.PostAsync(new Uri("/api/clocks", UriKind.Relative), null)) { }
        var (traces, _) = await app.Stop();
        CollectionAssert.AreEqual(new (string, object?, object?)[]
        {
            ("GET Clocks/Index/{id?}", "{controller=Clocks}/{action=Index}/{id?}", 200L),
            ("GET Clocks/Wind/{id?}", "{controller=Clocks}/{action=Index}/{id?}", 200L),
            ("GET api/clocks/{id:int}", "api/clocks/{id:int}", 200L),
            ("GET Attic/Trunk/Open", "{area:exists}/{controller=Trunk}/{action=Open}", 200L),
            ("GET Portraits/{name}", "Portraits/{name}", 200L),
            ("GET ticks/{clock}", "ticks/{clock}", 200L),
            ("GET Clocks/Sell/{id?}", "{controller=Clocks}/{action=Index}/{id?}", 423L),
            ("GET Clocks/Drop/{id?}", "{controller=Clocks}/{action=Index}/{id?}", 500L),
            ("GET", null, 404L),
            ("POST api/clocks", "api/clocks", 204L),
        }, traces.Select(trace => trace.Roots.Single().Span).Select(span => (span.Name, Attribute(span, "http.route"), Attribute(span, "http.response.status_code"))).ToArray());

        var routers = traces.SelectMany(trace => trace.Nodes).Where(node => node.Span.Name == "middleware Router").ToList();
        Assert.IsNotEmpty(routers);
        Assert.IsTrue(routers.All(node => Attribute(node.Span, "dispatch.middleware.short_circuited") is null));
        CollectionAssert.AreEqual(new[] { "startup", "SELECT" }, app.StartTraces.Single().Nodes.Select(node => node.Span.Name).ToList());
    }

    static object? Attribute(Viewer.ReceivedSpan span, string name) => span.Attributes.FirstOrDefault(attribute => attribute.Key == name).Value;
}
