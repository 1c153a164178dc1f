using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Pipelines that were built before the agent was attached are found where their first request enters them. Not needed where it was there from the beginning.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplication, Microsoft.AspNetCore.Hosting", "CreateContext")]
static class BuiltPipelinePatch
{
    static readonly Lock Gate = new();
    static ConditionalWeakTable<object, object> s_seen = [];
    static object? s_last;

    static bool Prepare() => Attachment.IsLate;

    static void Prefix(object __instance)
    {
        if (__instance == Volatile.Read(ref s_last))
            return;
        lock (Gate) // other requests wait until the pipeline has its spans
        {
            if (s_seen.TryAdd(__instance, __instance))
            {
                Attachment.Undo(Forget);
                DescribeRequests(__instance);
                new BuiltPipeline(__instance).Enclose();
            }
            Volatile.Write(ref s_last, __instance);
        }
    }

    /// <summary>Whether server spans get their standard attributes when they are created, as the host has read it from a switch (AgentProcess).</summary>
    static void DescribeRequests(object application)
    {
        if (application.GetType().GetProperty("SuppressActivityOpenTelemetryData", BindingFlags.Instance | BindingFlags.NonPublic) is not { } property || property.GetValue(application) is not true)
            return;
        property.SetValue(application, false);
        Attachment.Undo(() => property.SetValue(application, true));
    }

    static void Forget()
    {
        lock (Gate)
            (s_seen, s_last) = ([], null);
    }
}
