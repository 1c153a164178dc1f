using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Components;

namespace Agent.AspNetCore.Components;

/// <summary>
/// One span each time a component gets its parameters and has methods of the app's to run then: OnInitialized[Async] and
/// OnParametersSet[Async] the first time, the latter again whenever the parent passes new ones; or a SetParametersAsync of its own, which is patched the
/// first time that such a component is made. While a page is rendered and in circuits.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Components.ComponentBase, Microsoft.AspNetCore.Components", "SetParametersAsync")]
static class ComponentLoadPatch
{
    static void Prefix(ComponentBase __instance, out ComponentSpan? __state) =>
        __state = ComponentSpan.IsWanted && ComponentLoad.Of(__instance.GetType()) is { Init: not null, Override: null } load ? ComponentLoadCall.Start(__instance, load) : null;

    static void Finalizer(Exception? __exception, Task? __result, ComponentSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPatch("Microsoft.AspNetCore.Components.ComponentFactory, Microsoft.AspNetCore.Components", "InstantiateComponent")]
    internal static class OverridePatch
    {
        static readonly Harmony Harmony = new("agent.aspnetcore.components");
        static readonly TypeSet Seen = new();
        static readonly Lock Gate = new();

        static void Prefix(Type componentType)
        {
            if (!Seen.Contains(componentType))
                Install(componentType);
        }

        static void Install(Type component)
        {
            lock (Gate)
            {
                if (typeof(ComponentBase).IsAssignableFrom(component) && ComponentLoad.Of(component).Override is { } own)
                    PatchCalls.Install(Harmony, [own], typeof(ComponentLoadCall), "a component");
                Seen.Add(component); // only now, so that other requests wait for the patch
            }
        }
    }
}
