using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Hooks;
using HarmonyLib;

namespace Agent.AspNetCore.Server;

static partial class ServerSpanPatch
{
    /// <summary>
    /// Hosts that were built before the agent was attached, and their pipelines, are found where the first request enters them. Where the agent was there from the beginning, they are
    /// noted when the first request leaves them, for what a detach puts back.
    /// </summary>
    [HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplication, Microsoft.AspNetCore.Hosting", "CreateContext")]
    internal static class BuiltHostPatch
    {
        static readonly Lock Gate = new();
        static ConditionalWeakTable<object, object> s_seen = [];
        static object? s_last;

        static bool Prepare() => Attachment.IsLate;

        static void Prefix(object __instance) => See(__instance);

        /// <summary>A request is there of an application of the host's.</summary>
        public static void See(object application)
        {
            if (application != Volatile.Read(ref s_last))
                SeeFirst(application);
        }

        static void SeeFirst(object application)
        {
            lock (Gate) // other requests wait until the pipeline has its spans
            {
                if (s_seen.TryAdd(application, application))
                {
                    Attachment.Undo(Forget);
                    DescribeRequests(new WeakReference<object>(application));
                    if (!Attachment.IsFromStart && Switches.IsOn(Settings.Current, "MIDDLEWARE", "HOOKS"))
                        new BuiltPipeline(application).Enclose();
                }
                if (s_seen.TryGetValue(application, out _)) // not if the agent has been detached meanwhile
                    Volatile.Write(ref s_last, application);
            }
        }

        /// <summary>Server spans get their standard attributes when they are created: the host has read from a switch whether (AgentProcess). Without the agent they cost something, too.</summary>
        static void DescribeRequests(WeakReference<object> host)
        {
            if (!AgentProcess.IsServerDataSuppressed || !host.TryGetTarget(out var application))
                return;
            Suppress(application, isSuppressed: false);
            Attachment.Undo(() =>
            {
                if (host.TryGetTarget(out var application))
                    Suppress(application, isSuppressed: true);
            }, Attachment.IsFromStart ? () => DescribeRequests(host) : null);
        }

        static void Suppress(object application, bool isSuppressed) =>
            application.GetType().GetProperty("SuppressActivityOpenTelemetryData", BindingFlags.Instance | BindingFlags.NonPublic)?.SetValue(application, isSuppressed);

        static void Forget()
        {
            lock (Gate)
                (s_seen, s_last) = ([], null);
        }
    }
}
