using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace Agent.AspNetCore.Loads;

/// <summary>One span per Razor Pages handler: `load` for GET and HEAD, `action` for the rest. Inside filters, after model binding.</summary>
[HarmonyPatch(Invoker, "InvokeHandlerMethodAsync")]
static class PageHandlerPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker, Microsoft.AspNetCore.Mvc.RazorPages";

    static readonly ConditionalWeakTable<HandlerMethodDescriptor, SpanDescription> Descriptions = [];

    static void Prefix(object __instance, out HandlerSpan? __state) =>
        __state = RequestSpan.IsWanted && Handler(__instance) is { } handler ? Begin(__instance, handler, Page(__instance)) : null;

    static void Finalizer(Exception? __exception, Task? __result, HandlerSpan? __state) => __state?.End(__exception, __result);

    static HandlerSpan? Begin(object invoker, HandlerMethodDescriptor handler, PageContext page)
    {
        if (!Descriptions.TryGetValue(handler, out var description))
            Descriptions.AddOrUpdate(handler, description = Describe(handler, page));
        return HandlerSpan.Begin(description, invoker, page);
    }

    static SpanDescription Describe(HandlerMethodDescriptor handler, PageContext page)
    {
        var method = handler.MethodInfo;
        List<KeyValuePair<string, object?>> tags =
        [
            new(Names.Kind, HttpMethods.IsGet(handler.HttpMethod) || HttpMethods.IsHead(handler.HttpMethod) ? DispatchKind.Load : DispatchKind.Action),
            new(Names.CodeFunction, CodeName.Of(method)),
        ];
        if (page.ActionDescriptor.AttributeRouteInfo?.Template is { } route)
            tags.Add(new(Names.HttpRoute, route.Length > 0 ? route : "/"));
        if (!string.IsNullOrEmpty(handler.Name))
            tags.Add(new(Names.PageHandler, handler.Name));
        return new SpanDescription($"page {page.ActionDescriptor.ViewEnginePath} {method.Name}", [.. tags]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_handler")]
    static extern ref HandlerMethodDescriptor? Handler([UnsafeAccessorType(Invoker)] object invoker);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_pageContext")]
    static extern ref PageContext Page([UnsafeAccessorType(Invoker)] object invoker);
}
