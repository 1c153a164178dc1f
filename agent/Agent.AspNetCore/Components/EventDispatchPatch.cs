using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;

namespace Agent.AspNetCore.Components;

/// <summary>Notes which attribute of the markup an event belongs to; the component that handles it is not told. The span is <see cref="EventHandlerPatch"/>'s.</summary>
[HarmonyPatch(Renderer, "DispatchEventAsync")]
[HarmonyPatch([typeof(ulong), typeof(EventFieldInfo), typeof(EventArgs), typeof(bool)])]
static class EventDispatchPatch
{
    const string Renderer = "Microsoft.AspNetCore.Components.RenderTree.Renderer, Microsoft.AspNetCore.Components";

    static void Prefix(object __instance, ulong eventHandlerId, out UiEvent? __state)
    {
        __state = UiEvent.Current;
        if (!ComponentSpan.IsWanted)
            return;
        var current = __state is { Form: not null, Attribute: null } form ? form : new UiEvent();
        current.Attribute = Bindings(__instance).GetValueOrDefault(eventHandlerId).Attribute;
        UiEvent.Current = current;
    }

    static void Finalizer(UiEvent? __state) => UiEvent.Current = __state;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_eventBindings")]
    static extern ref Dictionary<ulong, (int Component, EventCallback Callback, string Attribute)> Bindings([UnsafeAccessorType(Renderer)] object renderer);
}
