using System.Diagnostics;
using OpenTelemetry;

namespace Chat;

/// <summary>Makes of SignalR's own spans what the agent makes of them.</summary>
public sealed class HubSpans : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Source.Name != "Microsoft.AspNetCore.SignalR.Server")
            return;
        var (hub, method) = (data.GetTagItem("rpc.service") as string, data.GetTagItem("rpc.method") as string);
        if (method is "OnRenderCompleted" or "EndInvokeJSFromDotNet") // Blazor's acknowledgements
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
        data.DisplayName = $"{hub?[(hub.LastIndexOf('.') + 1)..]}/{method}";
        data.SetTag("rpc.system.name", "signalr");
        if (method != "BeginInvokeDotNetFromJS") // Blazor's events, which have spans of their own
            data.SetTag("dispatch.kind", "remote");
    }
}
