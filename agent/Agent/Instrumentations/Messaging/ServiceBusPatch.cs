using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// The span of a message that Azure Service Bus's processor hands to the app ends well whatever the app's handler throws: the library catches that, and hands it
/// to the app's error handler.
/// </summary>
[HarmonyPatch("Azure.Messaging.ServiceBus.ServiceBusProcessor, Azure.Messaging.ServiceBus", "OnProcessMessageAsync")]
static class ServiceBusPatch
{
    static void Prefix(out Activity? __state) => __state = Activity.Current is { IsAllDataRequested: true } current && current.Source.Name.StartsWith("Azure.Messaging.ServiceBus", StringComparison.Ordinal) ? current : null;

    static void Finalizer(Exception? __exception, Task? __result, Activity? __state)
    {
        if (__state is not null)
            DispatchSpan.FailWith(new SpanRecord(__state), __exception, __result);
    }

    [HarmonyPrefix, HarmonyPatch("Azure.Messaging.ServiceBus.ServiceBusSessionProcessor, Azure.Messaging.ServiceBus", "OnProcessSessionMessageAsync")]
    static void BeginSession(out Activity? __state) => Prefix(out __state);

    [HarmonyFinalizer, HarmonyPatch("Azure.Messaging.ServiceBus.ServiceBusSessionProcessor, Azure.Messaging.ServiceBus", "OnProcessSessionMessageAsync")]
    static void EndSession(Exception? __exception, Task? __result, Activity? __state) => Finalizer(__exception, __result, __state);
}
