using System.Diagnostics;
using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.AspNetCore.Server;

/// <summary>
/// Completes the server span at the end of each request, the last moment before the framework stops it. An implementation of
/// IHttpApplication.DisposeContext, which servers call through the interface for every request, with the exception nobody handled.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplication, Microsoft.AspNetCore.Hosting", "DisposeContext")]
static partial class ServerSpanPatch
{
    static void Prefix(object __instance, object context, Exception? exception)
    {
        BuiltHostPatch.See(__instance);
        if (HttpContextOf(context) is { } httpContext)
            ServerSpan.Complete(httpContext, exception);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_HttpContext")]
    static extern HttpContext? HttpContextOf([UnsafeAccessorType("Microsoft.AspNetCore.Hosting.HostingApplication+Context, Microsoft.AspNetCore.Hosting")] object context);

    /// <summary>
    /// .NET 11 completes the span itself, after that prefix, and not as promised: named after an error page where that has answered, the status code
    /// where the exception's type is known, an HTTP name for a gRPC call. So it does not, and the span is the same on .NET 10 and 11.
    /// </summary>
    [HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplicationDiagnostics, Microsoft.AspNetCore.Hosting", "SetActivityEndTags")]
    internal static class EndTagsPatch
    {
        /// <summary>.NET 10 has no such method.</summary>
        static bool Prepare() => Environment.Version.Major >= 11;

        /// <summary>
        /// Only if the prefix has done its work, of which the status code is the last. What is left of the framework's: a middleware may know the
        /// client's address better (forwarded headers).
        /// </summary>
        static bool Prefix(HttpContext httpContext, Activity activity)
        {
            if (activity.GetTagItem(Names.HttpStatusCode) is null)
                return true;
            if (httpContext.Connection.RemoteIpAddress is { } address)
                activity.SetTag("client.address", address.ToString());
            return false;
        }
    }

    /// <summary>A connection that the app breaks off has not been left by the client.</summary>
    [HarmonyPatch(Client.ProtocolType, "Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature.Abort")]
    internal static class AbortPatch
    {
        static void Prefix(object __instance) => Client.NoteAbort((IFeatureCollection)__instance);
    }
}
