namespace Agent.IntegrationTests;

/// <summary>Span names come from the app's code, never from what clients send.</summary>
[TestClass]
public sealed class CardinalityTests
{
    const int Requests = 1000;

    [TestMethod]
    public Task Minimal_api() => Named("Parcels", number => (number % 5) switch
    {
        0 => Get($"/parcels/{number}"),
        1 => Get($"/depot/city-{number}?tour={number}"),
        2 => new HttpRequestMessage(HttpMethod.Post, $"/depot/city-{number}/close"),
        3 => Get($"/nothing-{number}/here-{number}"),
        _ => new HttpRequestMessage(new HttpMethod($"GRAB{number}"), $"/parcels/{number}"),
    });

    [TestMethod]
    public Task Mvc() => Named("Library", number => (number % 5) switch
    {
        0 => Get($"/Books/Details/{number + 2}"),
        1 => Get($"/api/readers/{number}"),
        2 => Get($"/Books/Shelf{number}"),
        3 => Get($"/Hall{number}/Index/{number}"),
        _ => new HttpRequestMessage(new HttpMethod($"GRAB{number}"), $"/Books/Details/{number}"),
    });

    [TestMethod]
    public Task Razor_pages_and_database() => Named("Storefront", number => (number % 5) switch
    {
        0 => Get($"/Products/{number + 100}?from={number}"),
        1 => Get($"/api/stock/SKU-{number}"),
        2 => Get($"/Thanks/{number + 100}"),
        3 => Get($"/nothing-{number}.css"),
        _ => new HttpRequestMessage(new HttpMethod($"GRAB{number}"), $"/Order?handler=Handler{number}"),
    });

    static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    /// <summary>A thousand requests make no more names than one of each kind.</summary>
    static async Task Named(string name, Func<int, HttpRequestMessage> request)
    {
        var few = await NamesOf(name, Enumerable.Range(0, 5), request);
        var many = await NamesOf(name, Enumerable.Range(0, Requests), request);
        CollectionAssert.AreEquivalent(few, many, $"{string.Join('\n', many.Except(few).Take(20))}");
    }

    static async Task<List<string>> NamesOf(string name, IEnumerable<int> numbers, Func<int, HttpRequestMessage> request)
    {
        await using var app = await TracedApp.Start(name, ("OTEL_BSP_MAX_QUEUE_SIZE", "100000"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        var count = 0;
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, stop) =>
        {
            using var message = request(number);
            using var response = await app.Client.SendAsync(message, stop);
            Assert.IsLessThan(500, (int)response.StatusCode);
            Interlocked.Increment(ref count);
        });
        var traces = (await app.Stop()).Traces;
        Assert.HasCount(count, traces, "a trace for each request");
        return [.. traces.SelectMany(trace => trace.Nodes).Select(node => node.Span.Name).Distinct()];
    }
}
