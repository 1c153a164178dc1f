using System.Net;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// One span per command of CSRedisCore, one for a pipeline. Of its exceptions the one inside is recorded: the outer one's message has the whole command, with keys and values.
/// </summary>
[HarmonyPatch("CSRedis.Internal.RedisConnector, CSRedisCore", "Call")]
static class CSRedisCorePatch
{
    const string Connector = "CSRedis.Internal.RedisConnector, CSRedisCore";

    static readonly ConditionalWeakTable<object, DbPlace> Places = [];

    static void Prefix(object __instance, object? command, out StoreSpan? __state) => __state = command is null || IsPipelined(__instance) ? null : Begin(__instance, Command(command));

    static void Finalizer(Exception? __exception, StoreSpan? __state) => End(__exception, __state);

    [HarmonyPrefix, HarmonyPatch("CallAsync")]
    static void BeginAsync(object __instance, object? command, out StoreSpan? __state) => Prefix(__instance, command, out __state);

    [HarmonyFinalizer, HarmonyPatch("CallAsync")]
    static void EndAsync(Exception? __exception, Task? __result, StoreSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPrefix, HarmonyPatch("EndPipe")]
    static void BeginPipe(object __instance, out StoreSpan? __state) => __state = IsPipelined(__instance) ? Begin(__instance, "PIPELINE") : null;

    [HarmonyFinalizer, HarmonyPatch("EndPipe")]
    static void EndPipe(Exception? __exception, StoreSpan? __state) => End(__exception, __state);

    static StoreSpan? Begin(object connector, string operation) =>
        StoreSpan.Begin("redis", operation.ToUpperInvariant(), null, Places.GetValue(connector, static connector => RedisSpan.PlaceOf([EndPointOf(connector)])));

    static void End(Exception? exception, StoreSpan? span)
    {
        if (span is not null && exception is { InnerException: { } inner } && exception.GetType().FullName == "CSRedis.RedisException")
        {
            span.End(inner);
            span.PassOver(exception); // nor do the spans around say it
        }
        else
            span?.End(exception);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Command")]
    static extern string Command([UnsafeAccessorType("CSRedis.RedisCommand, CSRedisCore")] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsPipelined")]
    static extern bool IsPipelined([UnsafeAccessorType(Connector)] object connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EndPoint")]
    static extern EndPoint EndPointOf([UnsafeAccessorType(Connector)] object connector);
}
