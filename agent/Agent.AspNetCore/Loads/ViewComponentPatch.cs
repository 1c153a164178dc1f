using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.ViewComponents;

namespace Agent.AspNetCore.Loads;

/// <summary>One span per view component; its view is inside.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.ViewComponents.DefaultViewComponentInvoker, Microsoft.AspNetCore.Mvc.ViewFeatures", "InvokeAsync")]
static class ViewComponentPatch
{
    static readonly ConditionalWeakTable<ViewComponentDescriptor, SpanDescription> Descriptions = [];

    static void Prefix(ViewComponentContext context, out RequestSpan? __state) => __state = RequestSpan.IsWanted ? Begin(context) : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    static RequestSpan? Begin(ViewComponentContext context)
    {
        var component = context.ViewComponentDescriptor;
        if (!Descriptions.TryGetValue(component, out var description))
        {
            description = new SpanDescription($"view component {component.ShortName}",
                new(Names.Kind, DispatchKind.Load), new(Names.CodeFunction, CodeName.Of(component.MethodInfo)));
            Descriptions.AddOrUpdate(component, description);
        }
        return RequestSpan.Begin(description, context.ViewContext.HttpContext);
    }
}
