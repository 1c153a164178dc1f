using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Agent.Viewer;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>Frameworks on top of endpoints: a span names the handler that the app's author has written, and nothing that is another in each process.</summary>
[TestClass]
public sealed partial class EmporiumTests
{
    [TestMethod]
    public async Task Handlers_are_those_that_the_author_has_written()
    {
        await using var app = await TracedApp.Start("Emporium");
        foreach (var path in (string[])["/fast/wares/5", "/wolverine/wares/5", "/odata/Wares", "/odata/Wares(5)"])
            using (await app.Client.GetAsync(new Uri(path, UriKind.Relative))) { }
        foreach (var path in (string[])["/fast/orders", "/wolverine/orders"])
            using (await app.Client.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { id = 5 })) { }
        var (traces, _) = await app.Stop();
        var requests = traces.Where(trace => trace.Roots[0].Span.ScopeName == "Microsoft.AspNetCore").ToList();
        CollectionAssert.AreEqual(new[]
        {
            "GET /fast/wares/{Id}: Emporium.ShowWare.HandleAsync",
            "GET /wolverine/wares/{id}: Emporium.WareEndpoints.Find",
            "GET odata/Wares: Emporium.WaresController.Get",
            "GET odata/Wares({key}): Emporium.WaresController.Get",
            "POST /fast/orders: Emporium.OrderWare.ExecuteAsync",
            "POST /wolverine/orders: Emporium.WareEndpoints.Order",
        }, requests.Select(trace => $"{trace.Roots.Single().Span.Name}: {string.Join(", ", trace.Nodes.Select(node => Attribute(node.Span, "code.function.name")).OfType<string>())}").ToArray());
        Assert.IsFalse(requests.SelectMany(trace => trace.Nodes).SelectMany(node => node.Span.Attributes).Any(attribute => Identifier().IsMatch($"{attribute.Value}")));
    }

    static object? Attribute(ReceivedSpan span, string name) => span.Attributes.FirstOrDefault(attribute => attribute.Key == name).Value;

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-")]
    private static partial Regex Identifier();
}
