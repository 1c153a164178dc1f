using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Instrumentations.Jobs;
using Agent.Instrumentations.Messaging;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>
/// Calls of Orleans' grains belong to the trace of their caller whether the app has called AddActivityPropagation or not: the filters of the library's own are put first, unless they
/// are there. Streams, reminders and timers are the runtime's calls in the library's own spans, of which there are hundreds a second in an app that does nothing; so what they
/// call of the app's has a span of ours.
/// </summary>
[HarmonyPatch("Orleans.Runtime.ActivityPropagationOutgoingGrainCallFilter, Orleans.Core", "Invoke")]
static class OrleansPatch
{
    const string Library = "orleans", RequestContext = "Orleans.Runtime.RequestContext, Orleans.Core.Abstractions";

    static readonly Complaint Missing = new();

    /// <summary>Where the caller is not recorded it makes no span, and says nothing to the grain, whose own would be a trace of its own.</summary>
    static void Prefix()
    {
        if (CurrentSpan.Context is { } caller && (caller.TraceFlags & ActivityTraceFlags.Recorded) == 0)
            Inject(null);
    }

    [HarmonyPrefix, HarmonyPatch("Orleans.Runtime.GrainReferenceRuntime, Orleans.Core", ".ctor", MethodType.Constructor)]
    static void Calls(ref object? outgoingCallFilters)
    {
        if (outgoingCallFilters is not IEnumerable filters || Elements(filters) is not { } type || Filter("Outgoing", type, filters) is not { } filter)
            return;
        object[] all = [filter, .. filters];
        var array = Array.CreateInstance(type, all.Length);
        Array.Copy(all, array, all.Length);
        outgoingCallFilters = array;
    }

    /// <summary>What is handed to objects of a client's that are no grains.</summary>
    [HarmonyPostfix, HarmonyPatch("Orleans.InvokableObjectManager, Orleans.Core", "get_GrainCallFilters")]
    static void Observers(ref object? __result)
    {
        if (__result is IList filters)
            __result = OfObservers.GetValue(filters, static filters => WithIncoming(filters, (IList)Activator.CreateInstance(filters.GetType(), filters)!));
    }

    static readonly ConditionalWeakTable<IList, IList> OfObservers = [];

    static IList WithIncoming(IList filters, IList changed)
    {
        if (Elements(filters) is { } type && Filter("Incoming", type, filters) is { } filter)
            changed.Insert(0, filter);
        return changed;
    }

    static Type? Elements(IEnumerable filters) =>
        Array.Find(filters.GetType().GetInterfaces(), static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GenericTypeArguments[0];

    /// <summary>The library's own; null if it is among these.</summary>
    /// <param name="direction">«Incoming» or «Outgoing».</param>
    /// <param name="contract">What it implements.</param>
    /// <param name="among">The app's.</param>
    static object? Filter(string direction, Type contract, IEnumerable among)
    {
        var name = $"Orleans.Runtime.ActivityPropagation{direction}GrainCallFilter";
        foreach (var filter in among)
        {
            if (filter?.GetType().FullName == name)
                return null;
        }
        if (AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(static assembly => assembly.GetName().Name == "Orleans.Core")?.GetType(name) is { } type && contract.IsAssignableFrom(type)
            && type.GetConstructor([typeof(DistributedContextPropagator)]) is { } make)
            return make.Invoke([DistributedContextPropagator.Current]);
        Missing.Say(Log.Warn, () => $"grains have no spans unless the app calls AddActivityPropagation: this version of Orleans has no {name}.");
        return null;
    }

    /// <summary>Hands the current span's context on with what is called in this flow.</summary>
    /// <param name="before">Gets what was there.</param>
    static void Inject(List<(string Name, object? Value)>? before) => MessageContext.Inject(before, static (before, name, value) =>
    {
        before?.Add((name, Get(null, name)));
        Set(null, name, value);
    });

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Get")]
    static extern object? Get([UnsafeAccessorType(RequestContext)] object? context, string key);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Set")]
    static extern void Set([UnsafeAccessorType(RequestContext)] object? context, string key, object value);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Remove")]
    static extern bool Remove([UnsafeAccessorType(RequestContext)] object? context, string key);

    /// <summary>A client outside of the silos asks again and again which there are.</summary>
    [HarmonyPatch("Orleans.Messaging.GatewayManager, Orleans.Core", "RefreshGatewaySnapshot")]
    internal static class GatewaysPatch
    {
        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>What a silo does: grains that are called, and their timers.</summary>
    [HarmonyPatch("Orleans.Runtime.InsideRuntimeClient, Orleans.Runtime", "ConsumeServices")]
    internal static class SiloPatch
    {
        const string Timer = "Orleans.Runtime.GrainTimer, Orleans.Runtime";

        static void Postfix(object? ___grainCallFilters)
        {
            if (___grainCallFilters is IList filters)
                WithIncoming(filters, filters);
        }

        [HarmonyPrefix, HarmonyPatch("Orleans.Runtime.GrainTimer`1, Orleans.Runtime", "InvokeCallbackAsync")]
        static void Begin(object __instance, out JobSpan? __state) =>
            __state = Grain(GrainContext(__instance)) is { } grain && grain.GetType() is var type && !IsLibrarys(type) ? JobSpan.Begin($"timer {CodeName.Simple(type)}", null, default) : null;

        [HarmonyFinalizer, HarmonyPatch("Orleans.Runtime.GrainTimer`1, Orleans.Runtime", "InvokeCallbackAsync")]
        static void End(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);

        [HarmonyPrefix, HarmonyPatch("Orleans.Runtime.InterleavingGrainTimer, Orleans.Runtime", "InvokeCallbackAsync")]
        static void BeginInterleaving(object __instance, out JobSpan? __state) => Begin(__instance, out __state);

        [HarmonyFinalizer, HarmonyPatch("Orleans.Runtime.InterleavingGrainTimer, Orleans.Runtime", "InvokeCallbackAsync")]
        static void EndInterleaving(Exception? __exception, Task? __result, JobSpan? __state) => End(__exception, __result, __state);

        /// <summary>Of a part of the silo's, or a grain of the library's.</summary>
        static bool IsLibrarys(Type type) => type.Assembly.GetName().Name is { } name && name.StartsWith("Orleans.", StringComparison.Ordinal);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_GrainContext")]
        [return: UnsafeAccessorType("Orleans.Runtime.IGrainContext, Orleans.Core.Abstractions")]
        static extern object? GrainContext([UnsafeAccessorType(Timer)] object timer);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_GrainInstance")]
        static extern object? Grain([UnsafeAccessorType("Orleans.Runtime.IGrainContext, Orleans.Core.Abstractions")] object? context);
    }

    /// <summary>What silos say to each other by a table that they share: that they are there, and whether others are.</summary>
    [HarmonyPatch("Orleans.Runtime.MembershipService.MembershipTableManager, Orleans.Runtime", "UpdateIAmAlive")]
    internal static class MembershipPatch
    {
        static IEnumerable<MethodBase> TargetMethods() =>
        [
            .. Methods("MembershipTableManager").Where(static method => method.ReturnType.IsAssignableTo(typeof(Task))),
            .. Methods("MembershipTableCleanupAgent").Where(static method => method.Name == "CleanupDefunctSilos"),
        ];

        static IEnumerable<MethodInfo> Methods(string type) => LibraryMethods.Of("Orleans.Runtime", $"Orleans.Runtime.MembershipService.{type}", BindingFlags.NonPublic);

        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>Reminders that are there are read again and again, in case that another silo has made them.</summary>
    [HarmonyPatch("Orleans.Runtime.ReminderService.LocalReminderService, Orleans.Reminders", "ReadAndUpdateReminders")]
    internal static class RemindersPatch
    {
        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>A reminder of a grain's. The library's generated class that hands it to the grain has a name with digits that differ.</summary>
    [HarmonyPatch("Orleans.IRemindable, Orleans.Reminders", "ReceiveReminder")]
    internal static class ReminderPatch
    {
        static IEnumerable<MethodBase> TargetMethods() => AppDomain.CurrentDomain.GetAssemblies()
            .Where(static assembly => assembly.GetName().Name == "Orleans.Reminders")
            .SelectMany(static assembly => assembly.GetTypes().Where(static type => type.Name.StartsWith("Invokable_IRemindable_", StringComparison.Ordinal)))
            .Select(static type => type.GetMethod("InvokeInner", BindingFlags.Instance | BindingFlags.NonPublic))
            .OfType<MethodInfo>();

        static void Prefix(object? ____target, string? ___arg0, out JobSpan? __state)
        {
            __state = ____target?.GetType() is { } type ? JobSpan.Begin($"reminder {CodeName.Simple(type)}", $"{CodeName.Full(type)}.ReceiveReminder", default) : null;
            __state?.Set("orleans.reminder.name", ___arg0);
        }

        static void Finalizer(Exception? __exception, Task? __result, JobSpan? __state) => __state?.End(__exception, __result);
    }

    /// <summary>Events of streams, by their namespaces; the keys are the app's.</summary>
    [HarmonyPatch("Orleans.Streams.StreamImpl`1, Orleans.Streaming", "OnNextAsync")]
    internal static class StreamPatch
    {
        const string Stream = "Orleans.Streams.StreamImpl`1, Orleans.Streaming", Subscription = "Orleans.Streams.StreamSubscriptionHandleImpl`1, Orleans.Streaming";

        static readonly ConditionalWeakTable<object, string> Namespaces = [];

        static void Prefix(object __instance, out Sent? __state) => __state = Sent.Begin(__instance);

        static void Finalizer(Exception? __exception, Task? __result, Sent? __state) => __state?.End(__exception, __result);

        [HarmonyPrefix, HarmonyPatch(Stream, "OnNextBatchAsync")]
        static void BeginBatch(object __instance, out Sent? __state) => Prefix(__instance, out __state);

        [HarmonyFinalizer, HarmonyPatch(Stream, "OnNextBatchAsync")]
        static void EndBatch(Exception? __exception, Task? __result, Sent? __state) => Finalizer(__exception, __result, __state);

        [HarmonyPrefix, HarmonyPatch(Subscription, "NextItem")]
        static void Begin(object __instance, out MessageSpan? __state) => __state = MessageSpan.Process(Library, () => NamespaceOf(__instance), static () => MessageContext.Extract(0, static (_, name) => Get(null, name) as string));

        [HarmonyFinalizer, HarmonyPatch(Subscription, "NextItem")]
        static void End(Exception? __exception, Task? __result, MessageSpan? __state) => __state?.End(__exception, __result);

        [HarmonyPrefix, HarmonyPatch(Subscription, "NextItems")]
        static void BeginItems(object __instance, out MessageSpan? __state) => Begin(__instance, out __state);

        [HarmonyFinalizer, HarmonyPatch(Subscription, "NextItems")]
        static void EndItems(Exception? __exception, Task? __result, MessageSpan? __state) => End(__exception, __result, __state);

        /// <param name="stream">A stream, or a subscription of one.</param>
        static string NamespaceOf(object stream) => Namespaces.GetValue(stream, static stream =>
        {
            var id = stream.GetType().GetProperty("StreamId")!.GetValue(stream)!;
            return id.GetType().GetMethod("GetNamespace", Type.EmptyTypes)!.Invoke(id, null) as string ?? "stream";
        });

        /// <summary>An event that is being sent; the library takes the context along that it finds in its own.</summary>
        sealed class Sent(MessageSpan span)
        {
            readonly List<(string Name, object? Value)> _before = [];

            public static Sent? Begin(object stream)
            {
                if (MessageSpan.Send(Library, NamespaceOf(stream)) is not { } span)
                    return null;
                var sent = new Sent(span);
                Inject(sent._before);
                return sent;
            }

            public void End(Exception? exception, Task? task)
            {
                foreach (var (name, value) in _before)
                {
                    if (value is null)
                        Remove(null, name);
                    else
                        Set(null, name, value);
                }
                span.End(exception, task);
            }
        }
    }
}
