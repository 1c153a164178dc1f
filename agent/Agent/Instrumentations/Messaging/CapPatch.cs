using System.Runtime.CompilerServices;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per message that is published by CAP, and its context in the message's headers; one for each time that a subscriber is tried, in the sender's trace, with what CAP notes in its
/// store about that. CAP catches what a subscriber throws, and makes a result of it: so it is seen a step further inside.
/// </summary>
[HarmonyPatch("DotNetCore.CAP.Internal.CapPublisher, DotNetCore.CAP", "PublishInternalAsync")]
static class CapPatch
{
    const string Executor = "DotNetCore.CAP.Internal.SubscribeExecutor, DotNetCore.CAP", Invoker = "DotNetCore.CAP.Internal.SubscribeInvoker, DotNetCore.CAP";

    // The library puts headers of its own into the app's dictionary too.
    static void Prefix(string? name, IDictionary<string, string?>? headers, object ____capOptions, out MessageSpan? __state)
    {
        __state = string.IsNullOrEmpty(name) || headers is null or { IsReadOnly: true } ? null : MessageSpan.Send("cap", Topic(____capOptions, name));
        if (__state is not null)
            MessageContext.Inject(headers!, static (headers, name, value) => headers[name] = value);
    }

    static string Topic(object options, string name) => TopicPrefix(options) is { Length: > 0 } prefix ? $"{prefix}.{name}" : name;

    static void Finalizer(Exception? __exception, Task? __result, MessageSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPrefix, HarmonyPatch(Executor, "ExecuteWithoutRetryAsync")]
    static void Handle(object? message, out MessageSpan? __state)
    {
        __state = null;
        if (message is null)
            return;
        var headers = Headers(Origin(message));
        __state = MessageSpan.Process("cap", () => headers.TryGetValue("cap-msg-name", out var name) && name is not null ? name : "message",
            () => MessageContext.Extract(headers, static (headers, name) => headers.TryGetValue(name, out var value) ? value : null));
    }

    [HarmonyFinalizer, HarmonyPatch(Executor, "ExecuteWithoutRetryAsync")]
    static void Handled(Exception? __exception, Task? __result, MessageSpan? __state) => __state?.End(__exception, __result);

    [HarmonyPrefix, HarmonyPatch(Invoker, "InvokeAsync")]
    static void Invoke(out SpanRecord? __state) => __state = MessageSpan.Around;

    [HarmonyFinalizer, HarmonyPatch(Invoker, "InvokeAsync")]
    static void Invoked(Exception? __exception, Task? __result, SpanRecord? __state)
    {
        if (__state is not null)
            DispatchSpan.FailWith(__state, __exception, __result);
    }

    /// <summary>Its loops, which read and clear its store, and take messages, which they note there.</summary>
    [HarmonyPatch("DotNetCore.CAP.Internal.Bootstrapper, DotNetCore.CAP", "BootstrapAsync")]
    internal static class OwnPatch
    {
        static void Prefix(out bool __state) => __state = Bookkeeping.Set(true);

        static void Finalizer(bool __state) => Bookkeeping.Set(__state);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TopicNamePrefix")]
    static extern string? TopicPrefix([UnsafeAccessorType("DotNetCore.CAP.CapOptions, DotNetCore.CAP")] object options);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Origin")]
    [return: UnsafeAccessorType("DotNetCore.CAP.Messages.Message, DotNetCore.CAP")]
    static extern object Origin([UnsafeAccessorType("DotNetCore.CAP.Persistence.MediumMessage, DotNetCore.CAP")] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Headers")]
    static extern IDictionary<string, string?> Headers([UnsafeAccessorType("DotNetCore.CAP.Messages.Message, DotNetCore.CAP")] object message);
}
