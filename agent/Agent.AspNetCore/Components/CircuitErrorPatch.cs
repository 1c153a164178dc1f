using HarmonyLib;

namespace Agent.AspNetCore.Components;

/// <summary>
/// A span for what ends a circuit if no other has recorded it: above all, an exception of markup that is drawn after an event. It is one of
/// its own because the hub call around may have ended by now; Blazor does not wait there.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Components.Server.Circuits.CircuitHost, Microsoft.AspNetCore.Components.Server", "ReportUnhandledException")]
static class CircuitErrorPatch
{
    static readonly SpanDescription Description = new("circuit error");

    static void Prefix(Exception exception)
    {
        if (!ComponentSpan.IsRecorded(exception))
            ComponentSpan.Begin(Description)?.End(exception);
    }
}
