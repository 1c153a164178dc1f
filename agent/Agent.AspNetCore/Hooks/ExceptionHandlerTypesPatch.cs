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
        if (exceptionHandlers is not IExceptionHandler[] handlers) // the container's own form; anything else might be made anew by looking
            return;
        var patched = Harmony.GetPatchedMethods().ToList();
        var methods = handlers.Select(handler => handler.GetType().GetInterfaceMap(typeof(IExceptionHandler)).TargetMethods[0]).Distinct().Except(patched);
        foreach (var reason in Harmony.PatchMany(methods, new HarmonyMethod(typeof(ExceptionHandlerCall), nameof(ExceptionHandlerCall.Begin)),
            finalizer: new HarmonyMethod(typeof(ExceptionHandlerCall), nameof(ExceptionHandlerCall.End))).Values)
            Log.Warn($"an exception handler gets no span: {reason}");
    }
}
