using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that an actor of Proto.Actor handles. The library's own source tells only of actors that are made. What an actor goes on with after a task (ReenterAfter) is
/// a message to itself; it has a span of its own inside of the first.
/// </summary>
[HarmonyPatch(Context, "InvokeUserMessageAsync")]
static class ProtoActorPatch
{
    const string Context = "Proto.Context.ActorContext, Proto.Actor", Continuation = "Proto.Continuation, Proto.Actor";

    /// <summary>Messages of these assemblies' types are the library's own talk.</summary>
    static readonly ActorLibrary Library = new("proto.actor", ["Proto.Actor"], ["Cluster", "OpenTelemetry", "Persistence", "Remote", "TestKit"]);

    static void Prefix(object __instance, object? msg, out ActorSpan? __state) =>
        __state = msg is null ? null : ActorSpan.Begin(Library, msg, Payload(msg), SelfOf(__instance), ActorOf(__instance)?.GetType());

    static void Finalizer(Exception? __exception, Task? __result, ActorSpan? __state) => __state?.Return(__exception, __result);

    [HarmonyPrefix, HarmonyPatch("Proto.ActorProcess, Proto.Actor", "SendUserMessage")]
    static void Send(object? pid, object? message)
    {
        if (pid is not null && message is not null)
            ActorSpan.Sent(Library, message, Payload(message), pid);
    }

    [HarmonyPrefix, HarmonyPatch(Context, "ScheduleContinuation")]
    static void Schedule(object __instance, object? cont)
    {
        if (cont is not null)
            ActorSpan.Sent(Library, cont, Payload(MessageOfContinuation(cont)), SelfOf(__instance));
    }

    [HarmonyPrefix, HarmonyPatch(Context, "HandleContinuation")]
    static void GoOn(object __instance, object? cont, out ActorSpan? __state) =>
        __state = cont is null ? null : ActorSpan.Begin(Library, cont, Payload(MessageOfContinuation(cont)), SelfOf(__instance), ActorOf(__instance)?.GetType());

    [HarmonyFinalizer, HarmonyPatch(Context, "HandleContinuation")]
    static void WentOn(Exception? __exception, Task? __result, ActorSpan? __state) => __state?.Return(__exception, __result);

    /// <summary>A message whose sender is told, or that has headers, is in an envelope.</summary>
    static object Payload(object message) => message.GetType().FullName == "Proto.MessageEnvelope" ? MessageOf(message) : message;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Message")]
    static extern object MessageOf([UnsafeAccessorType("Proto.MessageEnvelope, Proto.Actor")] object envelope);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Message")]
    static extern object MessageOfContinuation([UnsafeAccessorType(Continuation)] object continuation);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Self")]
    [return: UnsafeAccessorType("Proto.PID, Proto.Actor")]
    static extern object SelfOf([UnsafeAccessorType(Context)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    [return: UnsafeAccessorType("Proto.IActor, Proto.Actor")]
    static extern object? ActorOf([UnsafeAccessorType(Context)] object context);
}
