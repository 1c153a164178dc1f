using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// One span around what UseExceptionHandler does with an exception: every IExceptionHandler, and the pipeline that is run again. Before the first one
/// it patches the app's handlers' own methods. Wrapping them would show in the framework's metrics, which report their type.
/// </summary>
[HarmonyPatch(Middleware, "HandleException")]
static class ExceptionHandlerPatch
{
    const string Middleware = "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddlewareImpl, Microsoft.AspNetCore.Diagnostics";

    static readonly Harmony Harmony = new("agent.aspnetcore.exceptionhandlers");
    static readonly ConditionalWeakTable<IExceptionHandler[], object> Seen = [];
    static readonly SpanDescription Description = new("exception handler", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    static void Prefix(object __instance, HttpContext context, ExceptionDispatchInfo edi, out RequestSpan? __state)
    {
        __state = RequestSpan.Begin(Description, context);
        __state?.Set(Names.ExceptionType, edi.SourceException.GetType().FullName);
        if (__state is not null && Handlers(__instance) is { Length: > 0 } handlers && !Seen.TryGetValue(handlers, out _))
            Install(handlers);
    }

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    static void Install(IExceptionHandler[] handlers)
    {
        lock (Seen)
        {
            if (Seen.TryGetValue(handlers, out _))
                return;
            PatchCalls.Install(Harmony, handlers.Select(static handler => handler.GetType().GetInterfaceMap(typeof(IExceptionHandler)).TargetMethods[0]), typeof(ExceptionHandlerCall), "an exception handler");
            Seen.Add(handlers, Harmony); // only now, so that other requests wait for the patches
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_exceptionHandlers")]
    static extern ref IExceptionHandler[] Handlers([UnsafeAccessorType(Middleware)] object middleware);
}
