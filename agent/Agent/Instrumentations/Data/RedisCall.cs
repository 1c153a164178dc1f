namespace Agent.Instrumentations.Data;

/// <summary>One Redis command. The patches are installed by <see cref="StackExchangeRedisPatch"/>.</summary>
static class RedisCall
{
    public static void Begin(object __instance, object __0, out RedisSpan? __state) => __state = RedisSpan.Begin(__instance, __0);

    public static void EndAsync(Exception? __exception, Task? __result, RedisSpan? __state) => __state?.End(__exception, __result);

    public static void End(Exception? __exception, RedisSpan? __state) => __state?.End(__exception);
}
