using Microsoft.Extensions.Http.Resilience;

namespace Workshop;

/// <summary>A call that is made a second time if it takes long, and the faster one wins.</summary>
static class Calls
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddHttpClient("hedged")
        .AddStandardHedgingHandler(hedging => hedging.Services.ConfigureAll<HttpStandardHedgingResilienceOptions>(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(10)));

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Workshop:Site"] is { } site)
            app.MapGet("/hedged", (IHttpClientFactory clients) => clients.CreateClient("hedged").GetStringAsync(new Uri(site)));
    }
}
