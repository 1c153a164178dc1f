using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>One call of a hosted service by its host. The patches are installed by <see cref="HostedServices"/>.</summary>
static class HostedServiceCall
{
    static readonly TypePairMap<MethodBase, HostedServiceDescription?> Descriptions = new(HostedServiceDescription.Of);

    public static void Begin(object __instance, MethodBase __originalMethod, out HostedServiceSpan? __state) =>
        __state = HostedServices.AreHosted(__instance.GetType()) && Descriptions[__instance.GetType(), __originalMethod] is { } description
            ? HostedServiceSpan.Begin(description, AccessTools.IsRuntimeAsync(__originalMethod))
            : null;

    public static void EndAsync(Exception? __exception, Task? __result, HostedServiceSpan? __state) => __state?.End(__exception, __result);
}
