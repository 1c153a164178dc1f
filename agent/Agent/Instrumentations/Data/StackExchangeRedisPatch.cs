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
            var methods = __originalMethod.DeclaringType!.GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            PatchCalls.Install(Harmony, Array.FindAll(methods, static method => method.Name == "ExecuteAsyncImpl"), typeof(RedisCall), "a Redis command");
            PatchCalls.Install(Harmony, Array.FindAll(methods, static method => method.Name == "ExecuteSyncImpl"), typeof(RedisCall), "a Redis command");
        }
    }
}
