using System.Diagnostics;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.AspNetCore.Remote;

/// <summary>
/// Records what a hub method throws. The framework makes the span of a call and marks it as failed, but the exception ends in a message to the
/// client. A HubException is what the app wants to tell the client: a result, not an error.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher`1, Microsoft.AspNetCore.SignalR.Core", "SetActivityError")]
static class HubErrorPatch
{
    static void Postfix(Activity? activity, Exception ex)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        var isKnown = ex.GetType().FullName == "Microsoft.AspNetCore.SignalR.HubException";
        if (isKnown)
            activity.SetStatus(ActivityStatusCode.Unset);
        DispatchSpan.Fail(activity, ex, isKnown ? ResultType.KnownError : null);
        if (!isKnown)
            activity.SetTag(Names.ResultType, ResultType.UnknownError);
    }
}
