using System.Data;
using System.Data.Common;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// One client span per SQLite command, whoever runs it: EF Core, Dapper or plain ADO.NET. Microsoft.Data.Sqlite sends every kind of
/// execution through this method, and works synchronously underneath; EF Core itself emits no activity.
/// </summary>
[HarmonyPatch("Microsoft.Data.Sqlite.SqliteCommand, Microsoft.Data.Sqlite", "ExecuteReader")]
[HarmonyPatch([typeof(CommandBehavior)])]
static class SqliteCommandPatch
{
    static void Prefix(object __instance, out DbCommandSpan? __state) => __state = DbCommandSpan.Begin((DbCommand)__instance, "sqlite");

    static void Finalizer(Exception? __exception, DbCommandSpan? __state) => __state?.End(__exception);
}
