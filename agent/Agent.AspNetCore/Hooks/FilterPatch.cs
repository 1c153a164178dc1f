using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Finds the app's filters of MVC and Razor Pages, of every stage, and patches their own methods the first time that a type is seen, so that
/// each call of one has a span. Wrapping the filters instead would be visible to the app (ActionContext.Filters).
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core", ".ctor", MethodType.Constructor)]
static class FilterPatch
{
    static readonly Harmony Harmony = new("agent.aspnetcore.filters");
    static readonly TypeSet Seen = new();
    static readonly Lock Gate = new();

    static void Prefix(ActionContext actionContext, IFilterMetadata[] filters)
    {
        var handler = HandlerType(actionContext.ActionDescriptor);
        var isNew = handler is not null && !Seen.Contains(handler);
        foreach (var filter in filters)
            isNew |= !Seen.Contains(filter.GetType());
        if (isNew)
            Install(filters, handler);
    }

    /// <summary>Controllers and page models are filters themselves; the framework has filters of its own that call them.</summary>
    static TypeInfo? HandlerType(ActionDescriptor action) => action is ControllerActionDescriptor { ControllerTypeInfo: var controller } ? controller
        : action.GetType().Name == "CompiledPageActionDescriptor" ? PageModelType(action) : null;

    [MethodImpl(MethodImplOptions.NoInlining)] // an API need not load Razor Pages
    static TypeInfo? PageModelType(ActionDescriptor page) => (page as CompiledPageActionDescriptor)?.HandlerTypeInfo;

    /// <summary>All new types of a request at once: each request to the runtime stops all threads for a moment.</summary>
    static void Install(IFilterMetadata[] filters, Type? handler)
    {
        lock (Gate)
        {
            List<MethodInfo> methods = [];
            foreach (var filter in filters)
            {
                if (!Seen.Contains(filter.GetType()) && AppType.Is(filter.GetType()))
                    Find(filter.GetType(), methods, isHandler: false);
            }
            if (handler is not null && !Seen.Contains(handler))
                Find(handler, methods, isHandler: true);
            PatchCalls.Install(Harmony, methods, typeof(FilterCall), "a filter");
            foreach (var filter in filters)
                Seen.Add(filter.GetType()); // only now, so that other requests wait for the patches
            if (handler is not null)
                Seen.Add(handler);
        }
    }

    /// <param name="filter">What has the methods.</param>
    /// <param name="methods">Gets them.</param>
    /// <param name="isHandler">It is a controller or page model, of which only what it overrides itself is the app's.</param>
    static void Find(Type filter, List<MethodInfo> methods, bool isHandler)
    {
        foreach (var stage in filter.GetInterfaces())
        {
            if (FilterStage.Of(stage) is null || (!isHandler && FilterStage.IsReplaced(stage, filter)))
                continue;
            foreach (var method in filter.GetInterfaceMap(stage).TargetMethods)
            {
                // Choosing a page handler is not work of a filter, and nearly always empty.
                var isChoice = method.Name.EndsWith("Selected", StringComparison.Ordinal) || method.Name.EndsWith("SelectionAsync", StringComparison.Ordinal);
                if (!isChoice && (!isHandler || AppType.Is(method.DeclaringType!)))
                    methods.Add(method);
            }
        }
    }
}
