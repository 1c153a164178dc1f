using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Agent.AspNetCore.Remote;

/// <summary>
/// A span for a call of a hub that comes to no method, so that the framework makes none: there is no such method, or the arguments are not its. Like
/// those of other calls it is a trace of its own, or part of the client's, and linked to the connection. Nothing is said of the arguments, and of a name that
/// is not the app's: it could be anything.
/// </summary>
[HarmonyPatch(Dispatcher, "ProcessInvocationBindingFailure")]
static class HubRefusalPatch
{
    const string Dispatcher = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher`1, Microsoft.AspNetCore.SignalR.Core";

    /// <summary>What clients call that is not there: their names are not the app's (OpenTelemetry's conventions).</summary>
    const string Other = "_OTHER";

    static readonly ActivitySource Source = new(Names.DispatchSource, AgentProcess.Version);
    /// <summary>What clients may call, of each hub's dispatcher, by the names that they call it by, in any case.</summary>
    static readonly ConditionalWeakTable<object, IDictionary> Methods = [];

    static void Prefix(object __instance, HubConnectionContext connection, InvocationBindingFailureMessage bindingFailureMessage) =>
        Record(__instance, connection, bindingFailureMessage.Target, bindingFailureMessage.Headers, bindingFailureMessage.BindingFailure.SourceException);

    [HarmonyPatch(Dispatcher, "ProcessInvocation")]
    internal static class UnknownMethodPatch
    {
        static void Prefix(object __instance, HubConnectionContext connection, HubMethodInvocationMessage hubMethodInvocationMessage)
        {
            if (!MethodsOf(__instance).Contains(hubMethodInvocationMessage.Target))
                Record(__instance, connection, hubMethodInvocationMessage.Target, hubMethodInvocationMessage.Headers, null);
        }
    }

    static void Record(object dispatcher, HubConnectionContext connection, string target, IDictionary<string, string>? headers, Exception? exception)
    {
        if (!Source.HasListeners())
            return;
        var hub = dispatcher.GetType().GenericTypeArguments[0];
        var method = MethodsOf(dispatcher).Keys.Cast<string>().FirstOrDefault(name => name.Equals(target, StringComparison.OrdinalIgnoreCase));
        List<KeyValuePair<string, object?>> tags =
        [
            new(Names.Kind, DispatchKind.Remote), new(Names.RpcSystem, "signalr"), new(Names.RpcService, hub.FullName), new(Names.RpcMethod, method ?? Other),
            new(Names.ResultType, method is not null ? ResultType.Failure : ResultType.KnownError),
        ];
        if (exception is not null)
            tags.Add(new(Names.ErrorType, CodeName.Full(exception.GetType())));
        var caller = headers is not null && headers.TryGetValue("traceparent", out var id) && ActivityContext.TryParse(id, null, isRemote: true, out var context) ? context : default;
        var current = Activity.Current;
        Activity.Current = null; // it belongs to the caller, not to the connection
        try
        {
            Source.StartActivity($"{CodeName.Simple(hub)}/{method ?? Other}", ActivityKind.Server, caller, tags, RequestOf(connection) is { } request ? [new ActivityLink(request.Context)] : null)?.Dispose();
        }
        finally
        {
            Activity.Current = current;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_OriginalActivity")]
    static extern Activity? RequestOf(HubConnectionContext connection);

    /// <summary>Of a generic class, so by reflection, once.</summary>
    static IDictionary MethodsOf(object dispatcher) => Methods.GetOrAdd(dispatcher, static one =>
        one.GetType().GetField("_methods", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(one) as IDictionary ?? throw new MissingFieldException(one.GetType().FullName, "_methods"));
}
