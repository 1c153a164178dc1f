using System.Collections.Concurrent;
using System.Reflection;
using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Finds the app's filters of MVC and Razor Pages, of every stage, and patches their own methods the first time that a type is seen, so that
/// each call of one has a span. Wrapping the filters instead would be visible to the app (ActionContext.Filters).
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core", ".ctor", MethodType.Constructor)]
static class FilterPatch
{
    static readonly Harmony Harmony = new("agent.aspnetcore.filters");
    static readonly ConcurrentDictionary<Type, bool> Seen = new();
    static readonly ConcurrentDictionary<MethodBase, bool> Patched = new();
    static readonly Lock Gate = new();

    static void Prefix(IFilterMetadata[] filters)
    {
        foreach (var filter in filters)
        {
            if (!Seen.ContainsKey(filter.GetType()))
                Install(filters);
        }
    }

    /// <summary>All new types of a request at once: each request to the runtime stops all threads for a moment.</summary>
    static void Install(IFilterMetadata[] filters)
    {
        lock (Gate)
        {
            List<MethodBase> async = [], sync = [];
            foreach (var filter in filters)
            {
                if (!Seen.ContainsKey(filter.GetType()) && AppType.Is(filter.GetType()))
                    Find(filter.GetType(), async, sync);
            }
            PatchCalls.Install(Harmony, async, typeof(FilterCall), "a filter");
            PatchCalls.Install(Harmony, sync, typeof(FilterCall), "a filter");
            foreach (var filter in filters)
                Seen[filter.GetType()] = true; // only now, so that other requests wait for the patches
        }
    }

    static void Find(Type filter, List<MethodBase> async, List<MethodBase> sync)
    {
        foreach (var stage in filter.GetInterfaces())
        {
            if (FilterStage.Of(stage) is null || FilterStage.IsReplaced(stage, filter))
                continue;
            foreach (var target in filter.GetInterfaceMap(stage).TargetMethods)
            {
                // As the class has it that declares it: one target for all of that class's descendants.
                var method = (MethodInfo)MethodBase.GetMethodFromHandle(target.MethodHandle, target.DeclaringType!.TypeHandle)!;
                if (method.Name.EndsWith("Selected", StringComparison.Ordinal) || method.Name.EndsWith("SelectionAsync", StringComparison.Ordinal) || !Patched.TryAdd(method, true))
                    continue; // choosing a page handler is not work of a filter, and nearly always empty
                (typeof(Task).IsAssignableFrom(method.ReturnType) ? async : sync).Add(method);
            }
        }
    }
}
