using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Agent.AspNetCore.Loads;

/// <summary>
/// One span per action result that writes a body or asks an authentication scheme: serialization, files, content, sign-ins, challenges. Results that render
/// views have the view's span, and a redirect or a bare status code takes no time.
/// </summary>
[HarmonyPatch(Invoker, "InvokeResultAsync")]
static class ResultPatch
{
    const string Invoker = "Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core";

    static readonly ConditionalWeakTable<Type, SpanDescription?> Descriptions = [];

    static void Prefix(object __instance, IActionResult result, out RequestSpan? __state) =>
        __state = RequestSpan.IsWanted && Descriptions.GetOrAdd(result.GetType(), static type => Describe(type)) is { } description
            ? RequestSpan.Begin(description, Context(__instance).HttpContext)
            : null;

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    static SpanDescription? Describe(Type type)
    {
        var isQuick = type.Namespace == "Microsoft.AspNetCore.Mvc" && type.Name.Contains("Redirect", StringComparison.Ordinal) ||
            typeof(StatusCodeResult).IsAssignableFrom(type) || type == typeof(EmptyResult);
        return isQuick || HandlerSpan.IsView(type) ? null : new SpanDescription($"result {type.Name}", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Load));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_actionContext")]
    static extern ref ActionContext Context([UnsafeAccessorType(Invoker)] object invoker);
}
