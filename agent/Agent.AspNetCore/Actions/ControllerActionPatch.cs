using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Agent.AspNetCore.Actions;

/// <summary>
/// One span per controller action: `load` for GET and HEAD; for the rest `remote` in API controllers, which programs call, and `action` in
/// the others. Inside filters, after model binding.
/// </summary>
[HarmonyPatch(Invoker, "InvokeActionMethodAsync")]
static class ControllerActionPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker, Microsoft.AspNetCore.Mvc.Core";

    static readonly ConditionalWeakTable<ControllerActionDescriptor, Description> Descriptions = [];

    static void Prefix(object __instance, out HandlerSpan? __state) => __state = RequestSpan.MayAsk ? Begin(__instance, Context(__instance)) : null;

    static void Finalizer(Exception? __exception, Task? __result, HandlerSpan? __state) => __state?.End(__exception, __result);

    static HandlerSpan? Begin(object invoker, ControllerContext context)
    {
        if (!Descriptions.TryGetValue(context.ActionDescriptor, out var description))
            Descriptions.AddOrUpdate(context.ActionDescriptor, description = new Description(context.ActionDescriptor));
        var method = context.HttpContext.Request.Method;
        return HandlerSpan.Begin(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? description.Load : description.Other, invoker, context);
    }

    /// <summary>One action may serve several methods.</summary>
    sealed class Description
    {
        public SpanDescription Load { get; }

        public SpanDescription Other { get; }

        public Description(ControllerActionDescriptor action)
        {
            List<KeyValuePair<string, object?>> tags = [new(Names.CodeFunction, CodeName.Of(action.MethodInfo))];
            if (action.AttributeRouteInfo?.Template is { } route)
                tags.Add(new(Names.HttpRoute, route.Length > 0 ? route : "/"));
            if (action.RouteValues.TryGetValue("area", out var area) && !string.IsNullOrEmpty(area))
                tags.Add(new(Names.Area, area));
            var isApi = action.ControllerTypeInfo.IsDefined(typeof(ApiControllerAttribute), inherit: true);
            var name = $"action {action.ControllerName}.{action.ActionName}";
            Load = new SpanDescription(name, [new(Names.Kind, DispatchKind.Load), .. tags]);
            Other = new SpanDescription(name, [new(Names.Kind, isApi ? DispatchKind.Remote : DispatchKind.Action), .. tags]);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_controllerContext")]
    static extern ref ControllerContext Context([UnsafeAccessorType(Invoker)] object invoker);
}
