using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>What an appender of DuckDB's has collected is written when it is closed: its other methods copy values. Commands, Arrow streams too, are ADO.NET's (<see cref="AdoNetPatch"/>).</summary>
[HarmonyPatch("DuckDB.NET.Data.DuckDBAppender, DuckDB.NET.Data", "Close")]
static class DuckDBPatch
{
    static void Prefix(string? ___qualifiedTableName, out StoreSpan? __state) => __state = StoreSpan.Begin("duckdb", "append", ___qualifiedTableName, DbPlace.Unknown);

    static void Finalizer(Exception? __exception, StoreSpan? __state) => __state?.End(__exception);
}
