using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>One span per message that is received from Kafka. Every way to consume ends in this method; most calls of it receive nothing.</summary>
[HarmonyPatch("Confluent.Kafka.Consumer`2, Confluent.Kafka", "Consume")]
[HarmonyPatch([typeof(int)])]
static class KafkaConsumerPatch
{
    static readonly ConditionalWeakTable<Type, Func<object, object?>?> Messages = [];
    static readonly ConditionalWeakTable<Type, Func<object, string>?> Topics = [];

    static void Postfix(object? __result)
    {
        // Of a result that only says that a partition has come to its end there is no message.
        if (__result is null || Messages.GetOrAdd(__result.GetType(), static type => Reader<object?>.Of(type, "Message"))?.Invoke(__result) is not { } message)
            return;
        var topic = Topics.GetOrAdd(__result.GetType(), static type => Reader<string>.Of(type, "Topic"))?.Invoke(__result);
        var sender = Headers(message) is { } headers ? MessageContext.Extract(headers, KafkaHeaders.Read) : default;
        MessageSpan.Received("kafka", topic ?? "", sender);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    [return: UnsafeAccessorType("Confluent.Kafka.Headers, Confluent.Kafka")]
    static extern object? Headers([UnsafeAccessorType("Confluent.Kafka.MessageMetadata, Confluent.Kafka")] object message);
}
