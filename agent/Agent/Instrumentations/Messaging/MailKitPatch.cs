using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>MailKit's spans know whether they have failed, and not by what.</summary>
[HarmonyPatch("MailKit.Net.NetworkOperation, MailKit", "SetError")]
static class MailKitPatch
{
    static void Prefix(Exception? ex, Activity? ___activity)
    {
        if (ex is not null && ___activity is { IsAllDataRequested: true })
            DispatchSpan.Fail(___activity, ex);
    }
}
