using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// SignalR's own spans, which the framework makes: shorter names, the attributes of all dispatch spans, and none for the calls by which
/// Blazor acknowledges that it has drawn something. A listener beside the provider's, because the provider may be the app's
/// (<see cref="AppSdk"/>); it asks for nothing itself. The app's methods see the framework's name and attributes, so they change at the end.
/// </summary>
static class HubSpans
{
    public const string Source = "Microsoft.AspNetCore.SignalR.Server";

    public static void Start() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == Source,
        ActivityStarted = static activity =>
        {
            if (Target(activity) is (_, "OnRenderCompleted" or "EndInvokeJSFromDotNet", true))
                Unrecorded.Make(activity);
        },
        ActivityStopped = static activity => Describe(activity),
    });

    /// <summary>What is called; null if it is not known.</summary>
    static (string Hub, string Method, bool IsCircuit)? Target(Activity activity) =>
        activity.IsAllDataRequested && activity.GetTagItem(Names.RpcService) is string hub && activity.GetTagItem(Names.RpcMethod) is string method
            ? (hub, method, hub.EndsWith(".ComponentHub", StringComparison.Ordinal)) : null;

    static void Describe(Activity data)
    {
        if (Target(data) is not var (hub, method, isCircuit))
            return;
        data.DisplayName = $"{hub[(hub.LastIndexOfAny(['.', '+']) + 1)..]}/{method}";
        data.SetTag(Names.RpcSystem, "signalr");
        if (!isCircuit || method != "BeginInvokeDotNetFromJS") // which carries events and calls of [JSInvokable] methods, and these have spans of their own
            data.SetTag(Names.Kind, DispatchKind.Remote);
    }
}
