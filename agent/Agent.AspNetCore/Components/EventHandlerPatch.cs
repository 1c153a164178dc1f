using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Components;

namespace Agent.AspNetCore.Components;

/// <summary>
/// One span per event of the user interface, around the app's method that handles it: `remote` in a circuit, `action` for a form that is
/// posted while a page is rendered on the server. Callbacks between components come here, too; they are part of the event they belong to.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Components.ComponentBase, Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.IHandleEvent.HandleEventAsync")]
static class EventHandlerPatch
{
    static void Prefix(object __instance, EventCallbackWorkItem callback, out EventSpan? __state) =>
        __state = UiEvent.Current is { } current && ComponentSpan.IsWanted ? current.Begin(__instance, Handler(ref callback)) : null;

    static void Finalizer(Exception? __exception, Task? __result, EventSpan? __state) => __state?.End(__exception, __result);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_delegate")]
    static extern ref MulticastDelegate? Handler(ref EventCallbackWorkItem callback);
}
