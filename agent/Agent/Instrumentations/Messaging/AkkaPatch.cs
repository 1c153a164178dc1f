using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that an actor of Akka.NET handles. What its asynchronous handler goes on with is a task of the library's own scheduler, and the span lasts until that has ended.
/// A message that is put into a stash has one each time that it is handled, the later ones inside of the first.
/// </summary>
[HarmonyPatch(Cell, "ReceiveMessage")]
static class AkkaPatch
{
    const string Cell = "Akka.Actor.ActorCell, Akka", Unstarted = "Akka.Actor.UnstartedCell, Akka";

    /// <summary>Messages of these assemblies' types are the library's own talk.</summary>
    static readonly ActorLibrary Library = new("akka", ["Akka"],
        ["Actor", "Cluster", "Coordination", "DependencyInjection", "Discovery", "DistributedData", "FSharp", "Hosting", "Logger", "Management", "Persistence", "Remote", "Streams", "TestKit"]);

    /// <summary>Who what this thread puts into a mailbox is for, if that has been noted where it was sent.</summary>
    [ThreadStatic]
    static object? t_noted;

    static void Prefix(object __instance, object? message, object ____self, out ActorSpan? __state) =>
        __state = message is null ? null : ActorSpan.Begin(Library, message, message, ____self, ActorOf(__instance)?.GetType());

    static void Finalizer(Exception? __exception, ActorSpan? __state) => __state?.Return(__exception);

    /// <summary>The actor is there now: what it was sent before is put into its mailbox, by whoever has made it.</summary>
    [HarmonyPrefix, HarmonyPatch(Unstarted, "ReplaceWith")]
    static void Replace(object ____self, out object? __state) => (__state, t_noted) = (t_noted, ____self);

    [HarmonyFinalizer, HarmonyPatch(Unstarted, "ReplaceWith")]
    static void Replaced(object? __state) => t_noted = __state;

    [HarmonyPostfix, HarmonyPatch("Akka.Actor.Internal.AbstractStash, Akka", "Stash")]
    static void Stashed(object ____actorCell)
    {
        if (MessageOf(____actorCell) is { } message)
            ActorSpan.Sent(Library, message, message, SelfOf(____actorCell));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    [return: UnsafeAccessorType("Akka.Actor.ActorBase, Akka")]
    static extern object? ActorOf([UnsafeAccessorType(Cell)] object cell);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CurrentMessage")]
    static extern object? MessageOf([UnsafeAccessorType(Cell)] object cell);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Self")]
    [return: UnsafeAccessorType("Akka.Actor.IActorRef, Akka")]
    static extern object SelfOf([UnsafeAccessorType(Cell)] object cell);

    /// <summary>A message is put into the actor's mailbox.</summary>
    [HarmonyPatch(Cell, "SendMessage")]
    internal static class SendPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Akka", "Akka.Actor.ActorCell").Where(static method => method.Name == "SendMessage" && method.GetParameters().Length == 2);

        static void Prefix(object? message, object ____self)
        {
            if (message is not null && !ReferenceEquals(t_noted, ____self))
                ActorSpan.Sent(Library, message, message, ____self);
        }
    }

    /// <summary>A router has no mailbox, but hands what it is sent on at once.</summary>
    [HarmonyPatch("Akka.Routing.RoutedActorCell, Akka", "SendMessage")]
    internal static class RouterPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Akka", "Akka.Routing.RoutedActorCell").Where(static method => method.Name == "SendMessage");

        static readonly ConditionalWeakTable<Type, PropertyInfo> Messages = [];

        // An envelope is a value, of which no accessor can be made.
        static void Prefix(object __instance, object envelope, out object? __state) =>
            __state = ActorSpan.Forward(Messages.GetValue(envelope.GetType(), static type => type.GetProperty("Message")!).GetValue(envelope), SelfOf(__instance));

        static void Finalizer(object? __state) => ActorSpan.Forwarded(__state);
    }

    /// <summary>The actor is still being made: what it is sent is kept for it, unless it is there by now.</summary>
    [HarmonyPatch(Unstarted, "SendMessage")]
    internal static class UnstartedPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Akka", "Akka.Actor.UnstartedCell").Where(static method => method.Name == "SendMessage");

        static void Prefix(object? message, object ____self, out object? __state)
        {
            if (message is not null)
                ActorSpan.Sent(Library, message, message, ____self);
            (__state, t_noted) = (t_noted, ____self);
        }

        static void Finalizer(object? __state) => t_noted = __state;
    }

    /// <summary>The handler goes on asynchronously.</summary>
    [HarmonyPatch("Akka.Dispatch.ActorTaskScheduler, Akka", "RunTask")]
    internal static class RunPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => LibraryMethods.Of("Akka", "Akka.Dispatch.ActorTaskScheduler")
            .Where(static method => method.Name == "RunTask" && method.GetParameters() is [{ ParameterType: var work }] && work == typeof(Func<Task>));

        static void Prefix(ref Func<Task>? asyncAction) => asyncAction = ActorSpan.HandOn(asyncAction);
    }
}
