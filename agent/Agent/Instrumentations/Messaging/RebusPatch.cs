using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that is sent by Rebus, and its context in the message's headers; one around the handlers of a message, in the sender's trace, again for each time that it is tried.
/// In a transaction the message goes when that is committed, which has no span.
/// </summary>
[HarmonyPatch("Rebus.Pipeline.Send.SendOutgoingMessageStep, Rebus", "Send")]
static class RebusPatch
{
    const string Process = "Rebus.Pipeline.Receive.DispatchIncomingMessageStep, Rebus", StepContext = "Rebus.Pipeline.StepContext, Rebus";

    static void Prefix(List<string> destinationAddressesList, object transportMessage, out MessageSpan? __state)
    {
        var headers = HeadersOf(transportMessage);
        // A message that is published goes to all who want it: perhaps nobody, perhaps many.
        __state = MessageSpan.Send("rebus", destinationAddressesList is [var queue] ? queue : MessageType(headers));
        if (__state is not null)
            MessageContext.Inject(headers, static (headers, name, value) => headers[name] = value);
    }

    static void Finalizer(Exception? __exception, Task? __result, MessageSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPrefix, HarmonyPatch(Process, "Process")]
    static void Handle(object context, out MessageSpan? __state)
    {
        __state = null;
        if (Array.Find(Items(context), static item => item?.GetType().FullName == "Rebus.Pipeline.Receive.HandlerInvokers") is { } handlers)
        {
            var headers = HeadersOfHandled(Message(handlers));
            __state = MessageSpan.Process("rebus", () => MessageType(headers), () => MessageContext.Extract(headers, static (headers, name) => headers.GetValueOrDefault(name)));
        }
    }

    [HarmonyFinalizer, HarmonyPatch(Process, "Process")]
    static void Handled(Exception? __exception, Task? __result, MessageSpan? __state) => __state?.End(__exception, __result);

    /// <summary>What its workers ask the transport for, and what it does now and then: messages for later, those that nobody has wanted. Not their whole loops: steps of the app's are in them.</summary>
    [HarmonyPatch("Rebus.Workers.ThreadPoolBased.ThreadPoolWorker, Rebus", "ReceiveTransportMessage")]
    internal static class OwnPatch
    {
        static IEnumerable<MethodBase> TargetMethods() =>
        [
            .. LibraryMethods.Named("Rebus", "Rebus.Workers.ThreadPoolBased.ThreadPoolWorker", "ReceiveTransportMessage"),
            .. LibraryMethods.Named("Rebus", "Rebus.Workers.TplBased.TplWorker", "ReceiveTransportMessage"),
            .. LibraryMethods.Named("Rebus", "Rebus.Threading.TaskParallelLibrary.TplAsyncTask", "Start"),
            .. LibraryMethods.Named("Rebus", "Rebus.Pipeline.Receive.HandleDeferredMessagesStep", "StoreMessageUntilDue"),
        ];

        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    /// <summary>«Ordered» of «Shop.Ordered, Shop».</summary>
    static string MessageType(Dictionary<string, string> headers)
    {
        var type = headers.GetValueOrDefault("rbs2-msg-type", "message");
        if (type.IndexOf(',', StringComparison.Ordinal) is var comma and > 0)
            type = type[..comma];
        return type[(type.LastIndexOfAny(['.', '+']) + 1)..];
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    static extern Dictionary<string, string> HeadersOf([UnsafeAccessorType("Rebus.Messages.TransportMessage, Rebus")] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fastItems")]
    static extern ref readonly object?[] Items([UnsafeAccessorType(StepContext)] object context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Message")]
    [return: UnsafeAccessorType("Rebus.Messages.Message, Rebus")]
    static extern object Message([UnsafeAccessorType("Rebus.Pipeline.Receive.HandlerInvokers, Rebus")] object handlers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    static extern Dictionary<string, string> HeadersOfHandled([UnsafeAccessorType("Rebus.Messages.Message, Rebus")] object message);
}
