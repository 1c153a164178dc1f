using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>One span per command of FreeRedis: the methods that its own interceptors are called by. Keys and values are never read.</summary>
[HarmonyPatch("FreeRedis.RedisClient, FreeRedis", "LogCall")]
static class FreeRedisPatch
{
    static void Prefix(object? cmd, out StoreSpan? __state) =>
        __state = cmd is null || Command(cmd) is not { Length: > 0 } command ? null : StoreSpan.Begin("redis", command is "EndPipe" ? "PIPELINE" : command.ToUpperInvariant(), null, DbPlace.Unknown);

    static void Finalizer(Exception? __exception, object? cmd, StoreSpan? __state) => End(__exception, null, cmd, __state);

    [HarmonyPrefix, HarmonyPatch("LogCallAsync")]
    static void BeginAsync(object? cmd, out StoreSpan? __state) => Prefix(cmd, out __state);

    [HarmonyFinalizer, HarmonyPatch("LogCallAsync")]
    static void EndAsync(Exception? __exception, Task? __result, object? cmd, StoreSpan? __state) => End(__exception, __result, cmd, __state);

    static void End(Exception? exception, Task? task, object? cmd, StoreSpan? span)
    {
        if (span is null || cmd is null)
            return;
        span.PlaceOf = () => Place(Target(cmd)); // which server it is, the library chooses on the way
        span.HasData = exception => exception.Message.Contains($"{cmd}", StringComparison.Ordinal); // the whole command, if its keys are of several servers
        span.End(exception, task);
    }

    /// <summary>«host:port/database».</summary>
    static DbPlace? Place(string? target)
    {
        if (target is null)
            return null;
        var database = target.LastIndexOf('/');
        return DbPlace.Of(database < 0 ? target : target[..database], database < 0 ? "" : target[(database + 1)..]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get__command")]
    static extern string? Command([UnsafeAccessorType("FreeRedis.CommandPacket, FreeRedis")] object command);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_WriteTarget")]
    static extern string? Target([UnsafeAccessorType("FreeRedis.CommandPacket, FreeRedis")] object command);
}
