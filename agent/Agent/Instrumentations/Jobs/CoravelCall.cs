using System.Reflection;

namespace Agent.Instrumentations.Jobs;

/// <summary>One run of a scheduled job of Coravel's. The patches are installed by <see cref="CoravelPatch"/>; a queued job of the same class has its span already.</summary>
static class CoravelCall
{
    public static void Begin(MethodBase __originalMethod, out JobSpan? __state) => __state = JobSpan.IsAround ? null
        : JobSpan.Begin($"job {CodeName.Simple(__originalMethod.DeclaringType!)}", $"{CodeName.Full(__originalMethod.DeclaringType!)}.Invoke", default);

    public static void EndAsync(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);

    public static void End(Exception? __exception, JobSpan? __state) => __state?.End(__exception);
}
