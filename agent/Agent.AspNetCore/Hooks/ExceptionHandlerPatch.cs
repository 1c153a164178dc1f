using System.Runtime.ExceptionServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One span around what UseExceptionHandler does with an exception: every IExceptionHandler, and the pipeline that is run again.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddlewareImpl, Microsoft.AspNetCore.Diagnostics", "HandleException")]
static class ExceptionHandlerPatch
{
    static readonly SpanDescription Description = new("exception handler", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Hook));

    static void Prefix(HttpContext context, ExceptionDispatchInfo edi, out RequestSpan? __state)
    {
        __state = RequestSpan.Begin(Description, context);
        __state?.Set(Names.ExceptionType, edi.SourceException.GetType().FullName);
    }

    static void Finalizer(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);
}
