using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Hooks;
using HarmonyLib;

namespace Agent.AspNetCore.Server;

static partial class ServerSpanPatch
{
    /// <summary>
    /// Hosts that were built before the agent was attached, and their pipelines, are found where the first request enters them. Not needed where it was there from the beginning.
    /// </summary>
    [HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplication, Microsoft.AspNetCore.Hosting", "CreateContext")]
    internal static class BuiltHostPatch
    {
        static readonly Lock Gate = new();
        static ConditionalWeakTable<object, object> s_seen = [];
        static object? s_last;

        static bool Prepare() => Attachment.IsLate;

        static void Prefix(object __instance)
        {
            if (__instance != Volatile.Read(ref s_last))
                See(__instance);
        }

        static void See(object application)
        {
            lock (Gate) // other requests wait until the pipeline has its spans
            {
                if (s_seen.TryAdd(application, application))
                {
                    Attachment.Undo(Forget);
                    DescribeRequests(application);
                    if (Switches.IsOn(Settings.Current, "MIDDLEWARE", "HOOKS"))
                        new BuiltPipeline(application).Enclose();
                }
                Volatile.Write(ref s_last, application);
            }
        }

        /// <summary>Server spans get their standard attributes when they are created: the host has read from a switch whether (AgentProcess).</summary>
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
}
