using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Components;

/// <summary>Notes which form is posted; the renderer finds it on the page and dispatches it as an event. The span is <see cref="EventHandlerPatch"/>'s.</summary>
[HarmonyPatch(Renderer, "DispatchSubmitEventAsync")]
static class FormPatch
{
    const string Renderer = "Microsoft.AspNetCore.Components.Endpoints.EndpointHtmlRenderer, Microsoft.AspNetCore.Components.Endpoints";

    static void Prefix(object __instance, string? handlerName)
    {
        if (ComponentSpan.IsWanted)
            UiEvent.Current = new UiEvent { Form = handlerName, Context = Context(__instance) };
    }

    static void Finalizer() => UiEvent.Current = null;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_httpContext")]
    static extern ref HttpContext Context([UnsafeAccessorType(Renderer)] object renderer);
}
