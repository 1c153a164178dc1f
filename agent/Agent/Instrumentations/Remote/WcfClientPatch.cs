using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Remote;

/// <summary>One span per call that a client of WCF makes, around its HTTP request; a request alone does not say which operation it is for.</summary>
[HarmonyPatch("System.ServiceModel.Channels.ServiceChannelProxy, System.ServiceModel.Primitives", "InvokeService")]
static class WcfClientPatch
{
    const string Call = "System.ServiceModel.Channels.MethodCall, System.ServiceModel.Primitives", Operation = "System.ServiceModel.Dispatcher.ProxyOperationRuntime, System.ServiceModel.Primitives";

    /// <summary>Of calls of the Begin/End pattern: completes when their End has returned, which whoever comes first, Begin or End, puts here.</summary>
    static readonly ConditionalWeakTable<object, TaskCompletionSource> Ends = [];

    static void Prefix(object methodCall, object operation, out RemoteSpan? __state) => __state = RemoteSpan.Begin("dotnet_wcf", $"{Method(methodCall).DeclaringType!.Name}/{Name(operation)}");

    static void Finalizer(Exception? __exception, RemoteSpan? __state) => __state?.End(__exception);

    [HarmonyPrefix, HarmonyPatch("InvokeTaskService")]
    static void BeginTask(object methodCall, object operation, out RemoteSpan? __state) => Prefix(methodCall, operation, out __state);

    [HarmonyFinalizer, HarmonyPatch("InvokeTaskService")]
    static void EndTask(Exception? __exception, object? __result, RemoteSpan? __state) => __state?.End(__exception, __result as Task);

    [HarmonyPrefix, HarmonyPatch("InvokeBeginService")]
    static void BeginBegin(object methodCall, object operation, out RemoteSpan? __state) => Prefix(methodCall, operation, out __state);

    [HarmonyFinalizer, HarmonyPatch("InvokeBeginService")]
    static void EndBegin(Exception? __exception, object? __result, RemoteSpan? __state) => __state?.End(__exception, __result is null ? null : Ends.GetOrCreateValue(__result).Task);

    [HarmonyFinalizer, HarmonyPatch("InvokeEndService")]
    static void EndEnd(Exception? __exception, object methodCall)
    {
        if (Args(methodCall) is not [.., IAsyncResult result])
            return;
        var end = Ends.GetOrCreateValue(result);
        if (__exception is null)
            end.TrySetResult();
        else if (end.TrySetException(__exception))
            _ = end.Task.Exception; // the app's to observe, not this task's
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Args")]
    static extern object?[] Args([UnsafeAccessorType(Call)] object call);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_MethodBase")]
    static extern MethodBase Method([UnsafeAccessorType(Call)] object call);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Name")]
    static extern string Name([UnsafeAccessorType(Operation)] object operation);
}
