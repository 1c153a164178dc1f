using Microsoft.Extensions.Caching.Hybrid;
using ZiggyCreatures.Caching.Fusion;

namespace Workshop;

/// <summary>A HybridCache and a FusionCache in memory: what is missing is made, what is there is not; and one thing cannot be made.</summary>
static class Cache
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddHybridCache();
        builder.Services.AddFusionCache();
    }

    public static void Map(WebApplication app)
    {
        app.MapGet("/cache", async (string key, HybridCache cache) => await cache.GetOrCreateAsync(key, Make));
        app.MapGet("/cache/broken", async (HybridCache cache) =>
        {
            try
            {
                return await cache.GetOrCreateAsync<string>("broken", _ => throw new InvalidOperationException("It cannot be made."));
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        });
        app.MapGet("/fusion", async (string key, IFusionCache cache) => await cache.GetOrSetAsync(key, async (cancellationToken) => await Make(cancellationToken)));
        app.MapGet("/fusion/sync", (string key, IFusionCache cache) => cache.GetOrSet<string>(key, (context, _) => $"made {context.Options.Duration.TotalSeconds}", options => options.SetDuration(TimeSpan.FromMinutes(1))));
        // Fail-safe: a value that is too old is better than none.
        app.MapGet("/fusion/broken", async (IFusionCache cache) =>
        {
            var options = new FusionCacheEntryOptions { Duration = TimeSpan.FromMilliseconds(1), IsFailSafeEnabled = true };
            await cache.SetAsync("old", "old", options);
            await cache.ExpireAsync("old", options);
            return await cache.GetOrSetAsync<string>("old", _ => throw new InvalidOperationException("It cannot be made."), options);
        });
    }

    static async ValueTask<string> Make(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return "made";
    }
}
