using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>One span per operation of LiteDB's engine, where collections, queries and its SQL all end; also in shared mode. Reading what a query finds is the app's time.</summary>
[HarmonyPatch("LiteDB.Engine.LiteEngine, LiteDB", "Query")]
static class LiteDBPatch
{
    static readonly ConditionalWeakTable<object, DbPlace> Places = [];

    /// <summary>Not its transactions, settings and repairs.</summary>
    static readonly Dictionary<string, string> Operations = new(StringComparer.Ordinal)
    {
        ["Query"] = "query",
        ["Insert"] = "insert",
        ["Update"] = "update",
        ["UpdateMany"] = "updateMany",
        ["Upsert"] = "upsert",
        ["Delete"] = "delete",
        ["DeleteMany"] = "deleteMany",
        ["EnsureIndex"] = "ensureIndex",
        ["DropIndex"] = "dropIndex",
        ["DropCollection"] = "dropCollection",
        ["RenameCollection"] = "renameCollection",
    };

    static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("LiteDB", "LiteDB.Engine.LiteEngine")
        .Where(static method => Operations.ContainsKey(method.Name) && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(string));

    static void Prefix(string? __0, object ____settings, MethodBase __originalMethod, out StoreSpan? __state) =>
        __state = StoreSpan.Begin("litedb", Operations[__originalMethod.Name], __0, Places.GetValue(____settings, static settings => new DbPlace(FileOf(settings) ?? "", "", 0)));

    static void Finalizer(Exception? __exception, StoreSpan? __state) => __state?.End(__exception);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Filename")]
    static extern string? FileOf([UnsafeAccessorType("LiteDB.Engine.EngineSettings, LiteDB")] object settings);
}
