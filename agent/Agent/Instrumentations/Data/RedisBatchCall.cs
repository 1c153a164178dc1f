using System.Runtime.CompilerServices;

namespace Agent.Instrumentations.Data;

/// <summary>
/// A batch of Redis commands: each is queued, then all are sent. The span is there from then until the last one has its answer. The patches
/// are installed by <see cref="StackExchangeRedisPatch"/>.
/// </summary>
static class RedisBatchCall
{
    static readonly ConditionalWeakTable<object, List<(string Operation, int Database, Task Answer)>> Queued = [];

    /// <summary>A command has been queued.</summary>
    public static void Queue(object __instance, object? __0, Task? __result)
    {
        if (__0 is null || __result is null)
            return;
        var (operation, database) = RedisSpan.Describe(__0);
        var queued = Queued.GetOrCreateValue(__instance);
        lock (queued)
            queued.Add((operation, database, __result));
    }

    public static void Begin(object __instance, out (RedisSpan Span, Task Answers)? __state)
    {
        __state = null;
        if (!Queued.TryGetValue(__instance, out var queued))
            return;
        (string Operation, int Database, Task Answer)[] commands;
        lock (queued)
        {
            commands = [.. queued];
            queued.Clear(); // it may be used again
        }
        if (commands.Length > 0 && RedisSpan.Begin(__instance, [.. commands.Select(static command => command.Operation)], commands[0].Database) is { } span)
            __state = (span, Task.WhenAll(commands.Select(static command => command.Answer)));
    }

    public static void End(Exception? __exception, (RedisSpan Span, Task Answers)? __state) => __state?.Span.End(__exception, __state?.Answers);
}
