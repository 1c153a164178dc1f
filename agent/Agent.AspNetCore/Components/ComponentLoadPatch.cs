using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Components;

namespace Agent.AspNetCore.Components;

/// <summary>
/// One span each time a component gets its parameters and has methods of the app's to run then: OnInitialized[Async] and
/// OnParametersSet[Async] the first time, the latter again whenever the parent passes new ones. While a page is rendered and in circuits.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Components.ComponentBase, Microsoft.AspNetCore.Components", "SetParametersAsync")]
static class ComponentLoadPatch
{
    static void Prefix(ComponentBase __instance, out ComponentSpan? __state) =>
        __state = ComponentSpan.IsWanted && ComponentLoad.Of(__instance.GetType()) is { Init: not null } load ? Begin(__instance, load) : null;

    static void Finalizer(Exception? __exception, Task? __result, ComponentSpan? __state) => __state?.End(__exception, __result);

    static ComponentSpan? Begin(ComponentBase component, ComponentLoad load)
    {
        if ((IsInitialized(component) ? load.Parameters : load.Init) is not { } description || ComponentSpan.Begin(description) is not { } span)
            return null;
        span.Set(Names.ComponentInteractive, Info(component).IsInteractive);
        return span;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_initialized")]
    static extern ref bool IsInitialized(ComponentBase component);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RendererInfo")]
    static extern RendererInfo Info(ComponentBase component);
}
