using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// SignalR's own spans, which the framework makes: shorter names, the attributes of all dispatch spans, and none for the calls by which
/// Blazor acknowledges that it has drawn something. A listener beside the provider's, because the provider may be the app's
/// (<see cref="AppSdk"/>); it asks for nothing itself.
/// </summary>
static class HubSpans
{
    public const string Source = "Microsoft.AspNetCore.SignalR.Server";

    public static void Start() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == Source,
        ActivityStarted = static activity => Describe(activity),
    });

    static void Describe(Activity data)
    {
        if (!data.IsAllDataRequested)
            return;
        var (hub, method) = (data.GetTagItem(Names.RpcService) as string, data.GetTagItem(Names.RpcMethod) as string);
        if (hub is null || method is null)
            return;
        var isCircuit = hub.EndsWith(".ComponentHub", StringComparison.Ordinal);
        if (isCircuit && method is "OnRenderCompleted" or "EndInvokeJSFromDotNet")
        {
            Unrecorded.Make(data);
            return;
        }
        data.DisplayName = $"{hub[(hub.LastIndexOfAny(['.', '+']) + 1)..]}/{method}";
        data.SetTag(Names.RpcSystem, "signalr");
        if (!isCircuit || method != "BeginInvokeDotNetFromJS") // which carries events and calls of [JSInvokable] methods, and these have spans of their own
            data.SetTag(Names.Kind, DispatchKind.Remote);
    }
}
