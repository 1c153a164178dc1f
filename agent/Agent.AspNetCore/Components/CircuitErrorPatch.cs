using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.AspNetCore.Components;

/// <summary>
/// Records what ends a circuit if no other span has seen it: above all, an exception of markup that is drawn after an event.
/// The framework logs it and tells the client; to SignalR the call has succeeded.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Components.Server.Circuits.CircuitHost, Microsoft.AspNetCore.Components.Server", "ReportUnhandledException")]
static class CircuitErrorPatch
{
    static void Prefix(Exception exception)
    {
        // One that has ended may be on its way to the exporter.
        if (Activity.Current is { IsAllDataRequested: true, IsStopped: false } activity && !DispatchSpan.IsRecorded(exception))
            DispatchSpan.Fail(activity, exception);
    }
}
