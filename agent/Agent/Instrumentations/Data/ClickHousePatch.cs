using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>Commands and insertions by ClickHouse.Driver's own client, which has no DbCommand; those that have one end here too, inside of their span.</summary>
[HarmonyPatch("ClickHouse.Driver.ClickHouseClient, ClickHouse.Driver", "PostSqlQueryAsync")]
static class ClickHousePatch
{
    const string Client = "ClickHouse.Driver.ClickHouseClient, ClickHouse.Driver", Settings = "ClickHouse.Driver.ADO.ClickHouseClientSettings, ClickHouse.Driver";

    static readonly ConditionalWeakTable<object, DbPlace> Places = [];

    static void Prefix(object __instance, string? sql, out DbCommandSpan? __state) => __state = DbCommandSpan.Begin("ClickHouse.Driver", sql ?? "", PlaceOf(__instance));

    static void Finalizer(Exception? __exception, Task? __result, DbCommandSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPrefix, HarmonyPatch("InsertRawStreamAsync")]
    static void InsertRaw(object __instance, string? table, out StoreSpan? __state) => Insert(__instance, table, out __state);

    [HarmonyFinalizer, HarmonyPatch("InsertRawStreamAsync")]
    static void InsertedRaw(Exception? __exception, Task? __result, StoreSpan? __state) => __state?.End(__exception, __result);

    static void Insert(object client, string? table, out StoreSpan? span) => span = StoreSpan.Begin("clickhouse", "INSERT", table, PlaceOf(client));

    static DbPlace PlaceOf(object client) => Places.GetValue(client, static client => SettingsOf(client) is var settings ? new DbPlace(Database(settings) ?? "", Host(settings) ?? "", Port(settings)) : DbPlace.Unknown);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Settings")]
    [return: UnsafeAccessorType(Settings)]
    static extern object SettingsOf([UnsafeAccessorType(Client)] object client);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Host")]
    static extern string? Host([UnsafeAccessorType(Settings)] object settings);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Port")]
    static extern ushort Port([UnsafeAccessorType(Settings)] object settings);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Database")]
    static extern string? Database([UnsafeAccessorType(Settings)] object settings);

    /// <summary>Rows or objects; all overloads, because bulk copies call one that is not public.</summary>
    [HarmonyPatch(Client, "InsertBinaryAsync")]
    internal static class InsertPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("ClickHouse.Driver", "ClickHouse.Driver.ClickHouseClient", BindingFlags.NonPublic)
            .Where(static method => method.Name == "InsertBinaryAsync");

        static void Prefix(object __instance, string? table, out StoreSpan? __state) => Insert(__instance, table, out __state);

        static void Finalizer(Exception? __exception, Task? __result, StoreSpan? __state) => __state?.End(__exception, __result);
    }
}
