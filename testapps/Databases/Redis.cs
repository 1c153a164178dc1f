using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Databases;

/// <summary>Redis by StackExchange.Redis, and as the distributed cache.</summary>
static class Redis
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("Redis") is not { } connection)
            return;
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(connection));
        builder.Services.AddStackExchangeRedisCache(options => options.Configuration = connection);
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration.GetConnectionString("Redis") is null)
            return;
        app.MapGet("/redis", async (string name, IConnectionMultiplexer redis) =>
        {
            var database = redis.GetDatabase();
            await database.StringSetAsync($"reader:{name}", name);
            database.KeyExpire($"reader:{name}", TimeSpan.FromMinutes(1));
            return (await database.StringGetAsync($"reader:{name}")).ToString();
        });
        app.MapGet("/redis/transaction", async (string name, IConnectionMultiplexer redis) =>
        {
            var transaction = redis.GetDatabase(2).CreateTransaction();
            var count = transaction.StringIncrementAsync("count");
            _ = transaction.HashSetAsync("readers", name, name);
            await transaction.ExecuteAsync();
            return await count > 0;
        });
        app.MapGet("/redis/batch", async (string name, IConnectionMultiplexer redis) =>
        {
            var batch = redis.GetDatabase(2).CreateBatch();
            var count = batch.StringIncrementAsync("visits");
            var set = batch.HashSetAsync("readers", name, name);
            batch.Execute();
            await set;
            var same = redis.GetDatabase().CreateBatch();
            Task[] sets = [same.StringSetAsync("a", name), same.StringSetAsync("b", name)];
            same.Execute();
            await Task.WhenAll(sets);
            return await count > 0;
        });
        app.MapGet("/redis/batch/wrong", async (IConnectionMultiplexer redis) =>
        {
            await redis.GetDatabase().StringSetAsync("text", "none");
            var batch = redis.GetDatabase().CreateBatch();
            Task[] commands = [batch.StringSetAsync("a", "none"), batch.ListRightPushAsync("text", "none")];
            batch.Execute();
            await Task.WhenAll(commands);
        });
        app.MapGet("/redis/wrong", (IConnectionMultiplexer redis) =>
        {
            redis.GetDatabase().ListRightPush("names", "none");
            return redis.GetDatabase().StringGet("names").ToString();
        });
        app.MapGet("/redis/cache", async (string name, IDistributedCache cache) =>
        {
            await cache.SetStringAsync($"page:{name}", name);
            return await cache.GetStringAsync($"page:{name}");
        });
    }
}
