using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.AspNetCore.Diagnostics;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Finds the app's IExceptionHandlers when UseExceptionHandler is built, and patches their own methods. Wrapping them would show in the
/// framework's metrics, which report their type.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddlewareImpl, Microsoft.AspNetCore.Diagnostics", ".ctor", MethodType.Constructor)]
static class ExceptionHandlerTypesPatch
{
    static readonly Harmony Harmony = new("agent.aspnetcore.exceptionhandlers");

    static void Prefix(IEnumerable<IExceptionHandler> exceptionHandlers)
    {
        if (exceptionHandlers is IExceptionHandler[] handlers) // the container's own form; anything else might be made anew by looking
            PatchCalls.Install(Harmony, handlers.Select(static handler => handler.GetType().GetInterfaceMap(typeof(IExceptionHandler)).TargetMethods[0]), typeof(ExceptionHandlerCall), "an exception handler");
    }
}
