using System.Data.Common;
using Microsoft.Extensions.Caching.Memory;

namespace Databases;

/// <summary>What is made because a memory cache does not have it, in every way that there is. Each asks twice: the second time is a hit.</summary>
static class Caches
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddMemoryCache();

    public static void Map(WebApplication app)
    {
        app.MapGet("/cache/sync", (IMemoryCache cache) => Twice(() => Task.FromResult(cache.GetOrCreate("key s3cret", entry => Count("sync")))));
        app.MapGet("/cache/async", (IMemoryCache cache) => Twice(() => cache.GetOrCreateAsync("key s3cret", entry => CountLater("async"))));
        app.MapGet("/cache/options", (IMemoryCache cache) => Twice(async () => cache.GetOrCreate("key one", Sync, new MemoryCacheEntryOptions()) + await cache.GetOrCreateAsync("key two", Async, new MemoryCacheEntryOptions())));
        app.MapGet("/cache/task", (IMemoryCache cache) => Twice(() => cache.GetOrCreate("key s3cret", entry => CountLater("task"))!));
        app.MapGet("/cache/nested", (IMemoryCache cache) => Twice(() => cache.GetOrCreateAsync("outer", async entry =>
        {
            var inner = cache.GetOrCreate("inner", entry => Count("inner"));
            await Task.Yield();
            return inner + await cache.GetOrCreateAsync("second", entry => CountLater("second")) + cache.GetOrCreate("inner", entry => Count("never")) + await CountLater("outer");
        })));
        app.MapGet("/cache/parallel", async (IMemoryCache cache) =>
        {
            var isOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<int>[] both = [cache.GetOrCreateAsync("one", entry => After(isOpen.Task, "one")), cache.GetOrCreateAsync("two", entry => After(isOpen.Task, "two"))];
            await CountLater("meanwhile");
            isOpen.SetResult();
            return (await Task.WhenAll(both)).Sum();
        });
        app.MapGet("/cache/fail/sync", (IMemoryCache cache) => cache.GetOrCreate<string>("key s3cret", entry => throw new InvalidOperationException("Sold out.")));
        app.MapGet("/cache/fail/async", (IMemoryCache cache) => cache.GetOrCreateAsync<string>("key s3cret", async entry =>
        {
            await CountLater("fail");
            throw new InvalidOperationException("Sold out.");
        }));
        app.MapGet("/cache/set", (IMemoryCache cache) => cache.TryGetValue("key", out int value) ? value : cache.Set("key", Count("value")));
    }

    /// <summary>Nothing of a miss is current after the call.</summary>
    static async Task<int> Twice(Func<Task<int>> ask)
    {
        var around = System.Diagnostics.Activity.Current;
        var sum = await ask();
        if (System.Diagnostics.Activity.Current != around)
            throw new InvalidOperationException("The current activity is another one.");
        return sum + await ask();
    }

    static int Sync(ICacheEntry entry) => Count("sync");

    static Task<int> Async(ICacheEntry entry) => CountLater("async");

    static async Task<int> After(Task before, string what)
    {
        await before;
        return await CountLater(what);
    }

    static int Count(string what)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = Command(connection, what);
        return Convert.ToInt32(command.ExecuteScalar(), null);
    }

    static async Task<int> CountLater(string what)
    {
        await Task.Yield();
        return Count(what);
    }

    static DbCommand Command(DbConnection connection, string what)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 AS {what}";
        return command;
    }
}
