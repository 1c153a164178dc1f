using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that MQTTnet's client publishes, until the broker has answered as far as the quality of service asks for it; and one per
/// message that it has received, around the app's handlers. Every way to publish ends in the first method, every message received in the second.
/// </summary>
[HarmonyPatch("MQTTnet.MqttClient, MQTTnet", "PublishAsync")]
static class MqttNetPatch
{
    static void Prefix(object __instance, object? ____adapter, ref object? applicationMessage, out MqttSpan? __state)
    {
        __state = applicationMessage is null ? null : MqttSpan.Publish(MqttMessage.Topic(applicationMessage), Options(__instance));
        // Without an adapter there is no connection, as the library is about to say.
        if (__state is not null && ____adapter is not null && MqttConnection.HasUserProperties(____adapter))
            applicationMessage = MqttMessage.WithContext(applicationMessage!);
    }

    static void Finalizer(Exception? __exception, Task? __result, MqttSpan? __state) => __state?.EndPublish(__exception, __result);

    [HarmonyPrefix, HarmonyPatch("HandleReceivedApplicationMessage")]
    static void BeginProcess(object __instance, object publishPacket, out MqttSpan? __state) => __state = MqttSpan.Process(publishPacket, Options(__instance));

    [HarmonyFinalizer, HarmonyPatch("HandleReceivedApplicationMessage")]
    static void EndProcess(Exception? __exception, Task? __result, MqttSpan? __state) => __state?.End(__exception, __result);

    /// <summary>Those of the connection; null before the first.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Options")]
    [return: UnsafeAccessorType("MQTTnet.MqttClientOptions, MQTTnet")]
    static extern object? Options([UnsafeAccessorType("MQTTnet.MqttClient, MQTTnet")] object client);
}
