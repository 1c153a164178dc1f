using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// Puts a span around each Redis command, when the first connection is made: the two methods that every command of every database, server
/// and subscriber goes through have overloads and type parameters that an annotation cannot name. The library's own profiler is the app's to use.
/// </summary>
[HarmonyPatch("StackExchange.Redis.ConnectionMultiplexer, StackExchange.Redis", ".ctor", MethodType.Constructor)]
static class StackExchangeRedisPatch
{
    static readonly Harmony Harmony = new("agent");
    static readonly Lock Gate = new();
    static bool _isInstalled;

    static void Prefix(MethodBase __originalMethod)
    {
        lock (Gate)
        {
            if (_isInstalled)
                return;
            _isInstalled = true;
            const BindingFlags declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            var connection = __originalMethod.DeclaringType!;
            if (connection.Assembly.GetType("StackExchange.Redis.Message")?.GetProperty("CommandString", declared) is null)
            {
                Log.Warn($"Redis commands get no spans: they have no name in this version of StackExchange.Redis ({connection.Assembly.GetName().Version}); 2.8 and later do.");
                return;
            }
            var methods = connection.GetMethods(declared);
            PatchCalls.Install(Harmony, Array.FindAll(methods, static method => method.Name is "ExecuteAsyncImpl" or "ExecuteSyncImpl"), typeof(RedisCall), "a Redis command");
            if (connection.Assembly.GetType("StackExchange.Redis.RedisBatch") is { } batch)
                InstallBatch(batch.GetMethods(declared));
        }
    }

    /// <summary>Commands of a batch do not go through the connection's methods.</summary>
    static void InstallBatch(MethodInfo[] methods)
    {
        PatchCalls.Install(Harmony, Array.FindAll(methods, static method => method.Name == "Execute"), typeof(RedisBatchCall), "a Redis batch");
        foreach (var (method, reason) in Harmony.PatchMany(Array.FindAll(methods, static method => method.Name == "ExecuteAsync"), postfix: new HarmonyMethod(typeof(RedisBatchCall), nameof(RedisBatchCall.Queue))))
            Log.Warn($"a command in a Redis batch is not seen: {reason} ({method.Name})");
    }
}
