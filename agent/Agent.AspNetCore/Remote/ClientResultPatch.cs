using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.AspNetCore.Remote;

/// <summary>A span for each call of a hub's client that waits for a result, until it is there. The framework makes none.</summary>
[HarmonyPatch("Microsoft.AspNetCore.SignalR.Internal.SingleClientProxy`1, Microsoft.AspNetCore.SignalR.Core", "InvokeCoreAsync")]
static class ClientResultPatch
{
    static readonly TypePairMap<string, SpanDescription> Descriptions = new(Describe);

    static void Prefix(object __instance, string method, out Span? __state) =>
        __state = Span.IsWanted ? Span.Begin(Descriptions[__instance.GetType().GenericTypeArguments[0], method]) : null;

    static void Finalizer(Exception? __exception, Task? __result, Span? __state) => __state?.End(__exception, __result);

    /// <summary>Named as a call of the hub's is. The methods of its clients are in the app's code, so there are not many.</summary>
    static SpanDescription Describe(Type hub, string method) => new($"{CodeName.Simple(hub)}/{method}", new(Names.Kind, DispatchKind.Remote),
        new(Names.RpcSystem, "signalr"), new(Names.RpcService, hub.FullName), new(Names.RpcMethod, method));

    sealed class Span(SpanRecord record) : AspNetCoreSpan(record)
    {
        public static new Span? Begin(SpanDescription description) =>
            Start(description, kind: ActivityKind.Client) is { } record ? new Span(record) : null;

        protected override void Complete(Exception? exception) =>
            Record.SetTag(Names.ResultType, exception is null ? ResultType.Success : ExpectedResult(exception) ?? ResultType.UnknownError);

        /// <summary>The client has answered with an error: what it says is its own.</summary>
        protected override string? ExpectedResult(Exception exception) =>
            exception.GetType().FullName == "Microsoft.AspNetCore.SignalR.HubException" ? ResultType.KnownError : null;
    }
}
