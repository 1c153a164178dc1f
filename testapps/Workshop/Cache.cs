using Microsoft.Extensions.Caching.Hybrid;

namespace Workshop;

/// <summary>A HybridCache in memory: what is missing is made, what is there is not; and one thing cannot be made.</summary>
static class Cache
{
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
    }

    static async ValueTask<string> Make(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return "made";
    }
}
