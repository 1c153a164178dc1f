using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// A span around what an app does with each message that it takes from a subscription. The library's own spans tell of messages that have come, and have ended
/// before the app gets them.
/// </summary>
[HarmonyPatch("NATS.Client.Core.NatsConnection, NATS.Client.Core", "SubscribeAsync")]
static class NatsPatch
{
    static readonly MethodInfo Wrapping = typeof(NatsPatch).GetMethod(nameof(Wrap), BindingFlags.Static | BindingFlags.NonPublic)!;

    static void Postfix(string subject, ref object? __result) => Handle(subject, ref __result);

    static void Handle(string? subject, ref object? messages)
    {
        if (messages is not null && Array.Find(messages.GetType().GetInterfaces(), static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)) is { } sequence)
            messages = Wrapping.MakeGenericMethod(sequence.GenericTypeArguments).Invoke(null, [messages, subject]);
    }

    /// <returns>The same if these are no messages.</returns>
    static object Wrap<T>(object messages, string? subject)
    {
        if (Member<string>("Subject") is not { } subjectOf || Member<object?>("Headers") is not { } headersOf)
            return messages;
        return new HandledMessages<T>((IAsyncEnumerable<T>)messages, message => MessageSpan.Process("nats", () => NatsSpans.Destination(subject ?? subjectOf(message)), () => ContextOf(headersOf(message))));

        static Func<T, TValue>? Member<TValue>(string name)
        {
            var property = typeof(T).GetProperty(name) ?? Array.Find(typeof(T).GetInterfaces(), type => type.GetProperty(name) is not null)?.GetProperty(name); // an interface does not have those of its own
            if (property?.GetMethod is not { } getter)
                return null;
            if (!typeof(T).IsValueType)
                return getter.CreateDelegate<Func<T, TValue>>();
            var read = getter.CreateDelegate<OfStruct<T, TValue>>();
            return message => read(ref message);
        }
    }

    delegate TValue OfStruct<T, TValue>(ref T message);

    /// <summary>That of the library's own span, which is in the sender's trace.</summary>
    static ActivityContext ContextOf(object? headers) => headers is null ? default : ActivityOf(headers)?.Context ?? default;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Activity")]
    static extern Activity? ActivityOf([UnsafeAccessorType("NATS.Client.Core.NatsHeaders, NATS.Client.Core")] object headers);

    /// <summary>The same of a stream's consumer.</summary>
    [HarmonyPatch("NATS.Client.JetStream.NatsJSConsumer, NATS.Client.JetStream", "ConsumeAsync")]
    internal static class JetStreamPatch
    {
        static void Postfix(ref object? __result) => Handle(null, ref __result);

        [HarmonyPostfix, HarmonyPatch("FetchAsync")]
        static void Fetch(ref object? __result) => Handle(null, ref __result);

        [HarmonyPostfix, HarmonyPatch("FetchNoWaitAsync")]
        static void FetchNoWait(ref object? __result) => Handle(null, ref __result);

        [HarmonyPostfix, HarmonyPatch("NATS.Client.JetStream.NatsJSOrderedConsumer, NATS.Client.JetStream", "ConsumeAsync")]
        static void Ordered(ref object? __result) => Handle(null, ref __result);
    }
}
