using Microsoft.Extensions.Http.Resilience;

namespace Workshop;

/// <summary>A call that is made a second time if it takes long, and the faster one wins.</summary>
static class Calls
{
    public static void Add(WebApplicationBuilder builder)
    {
        var client = builder.Services.AddHttpClient("hedged");
        client.AddStandardHedgingHandler(hedging => hedging.Services.ConfigureAll<HttpStandardHedgingResilienceOptions>(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(10)));
        client.AddHttpMessageHandler(static () => new Numbered());
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Workshop:Site"] is { } site)
            app.MapGet("/hedged", (IHttpClientFactory clients) => clients.CreateClient("hedged").GetStringAsync(new Uri(site)));
    }

    /// <summary>Says which attempt it is: the second may be there before the first.</summary>
    sealed class Numbered : DelegatingHandler
    {
        int _attempts;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("attempt", $"{Interlocked.Increment(ref _attempts)}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
