using CSRedis;
using FreeRedis;

namespace Workshop;

/// <summary>Redis by FreeRedis and by CSRedisCore; one command of each cannot be done.</summary>
static class Redis
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Workshop:Redis"] is not { } server)
            return;
        var free = new FreeRedis.RedisClient($"{server},poolsize=1,min poolsize=1");
        var shards = new FreeRedis.RedisClient([$"{server},database=0,poolsize=1,min poolsize=0", $"{server},database=1,poolsize=1,min poolsize=0"], static key => key);
        var cs = new CSRedisClient($"{server},poolsize=1,preheat=false");
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            free.Dispose(); // or the process goes on
            shards.Dispose();
            cs.Dispose();
        });
        app.MapGet("/freeredis", async (string name) =>
        {
            free.Set("reader", name);
            return await free.GetAsync("reader");
        });
        app.MapGet("/freeredis/pipe", (string name) =>
        {
            using var pipe = free.StartPipe();
            pipe.Set("reader", name);
            pipe.Get("reader");
            return pipe.EndPipe()[1];
        });
        app.MapGet("/freeredis/wrong", async () =>
        {
            free.Set("reader", "s3cret");
            try
            {
                return $"{await free.LPushAsync("reader", "s3cret")}";
            }
            catch (RedisServerException)
            {
                return "wrong";
            }
        });
        app.MapGet("/freeredis/shards", () => shards.SUnion("reader", "s3cret"));
        app.MapGet("/csredis", async (string name) =>
        {
            cs.Set("reader", name);
            return await cs.GetAsync("reader");
        });
        app.MapGet("/csredis/pipe", (string name) => cs.StartPipe(pipe => pipe.Set("reader", name).Get("reader"))[1]);
        app.MapGet("/csredis/wrong", () =>
        {
            cs.Set("reader", "s3cret");
            return cs.LPush("reader", "s3cret");
        });
    }
}
