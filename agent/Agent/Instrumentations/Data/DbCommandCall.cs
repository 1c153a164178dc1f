using System.Data.Common;

namespace Agent.Instrumentations.Data;

/// <summary>One execution of a database command, or of a batch of them. The patches are installed by <see cref="AdoNetPatch"/>.</summary>
static class DbCommandCall
{
    public static void Begin(object __instance, out DbCommandSpan? __state) =>
        __state = __instance is DbBatch batch ? DbCommandSpan.Begin(batch) : DbCommandSpan.Begin((DbCommand)__instance);

    public static void EndAsync(Exception? __exception, Task? __result, DbCommandSpan? __state) => __state?.End(__exception, __result);

    public static void End(Exception? __exception, DbCommandSpan? __state) => __state?.End(__exception);
}
