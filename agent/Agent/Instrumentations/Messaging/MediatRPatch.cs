using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>One span per request or notification that is handed to MediatR, until its handlers have ended. Versions differ in how many overloads there are: TargetMethods finds them.</summary>
[HarmonyPatch("MediatR.Mediator, MediatR", "Send")]
static class MediatRPatch
{
    static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("MediatR", "MediatR.Mediator")
        .Where(static method => method.Name is "Send" or "Publish");

    static void Prefix(object? __0, MethodBase __originalMethod, out MediatorSpan? __state) => __state = MediatorSpan.Begin(__originalMethod.Name == "Send" ? "send" : "publish", __0);

    static void Finalizer(Exception? __exception, Task? __result, MediatorSpan? __state) => __state?.End(__exception, __result);
}
