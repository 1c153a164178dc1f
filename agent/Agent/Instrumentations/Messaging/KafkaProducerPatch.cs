using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that is sent to Kafka, and its context in the message's headers. Every way to produce ends in this method. With
/// ProduceAsync the span lasts until the broker has answered, with Produce until the message is in the producer's queue.
/// </summary>
[HarmonyPatch("Confluent.Kafka.Producer`2, Confluent.Kafka", "ProduceImpl")]
static class KafkaProducerPatch
{
    static readonly ConditionalWeakTable<Type, Func<object, Task>?> Deliveries = [];

    static void Prefix(string topic, ref object? headers, out MessageSpan? __state)
    {
        __state = MessageSpan.Send("kafka", topic);
        if (__state is not null)
            headers = KafkaHeaders.WithContext(headers);
    }

    static void Finalizer(Exception? __exception, object? deliveryHandler, MessageSpan? __state) =>
        __state?.End(__exception, deliveryHandler is null ? null : Deliveries.GetOrAdd(deliveryHandler.GetType(), TaskOf)?.Invoke(deliveryHandler));

    /// <summary>What ProduceAsync waits with is a TaskCompletionSource; there is one type of it for each kind of key and value.</summary>
    static Func<object, Task>? TaskOf(Type handler)
    {
        for (var type = handler; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(TaskCompletionSource<>))
                return Reader<Task>.Of(type, nameof(TaskCompletionSource<>.Task));
        }
        return null;
    }
}
