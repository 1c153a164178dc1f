using System.Runtime.CompilerServices;
using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Server;

/// <summary>
/// Completes the server span at the end of each request, the last moment before the framework stops it. An implementation of
/// IHttpApplication.DisposeContext, which servers call through the interface for every request, with the exception nobody handled.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Hosting.HostingApplication, Microsoft.AspNetCore.Hosting", "DisposeContext")]
static class ServerSpanPatch
{
    static void Prefix(object context, Exception? exception)
    {
        if (HttpContextOf(context) is { } httpContext)
            ServerSpan.Complete(httpContext, exception);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_HttpContext")]
    static extern HttpContext? HttpContextOf([UnsafeAccessorType("Microsoft.AspNetCore.Hosting.HostingApplication+Context, Microsoft.AspNetCore.Hosting")] object context);
}
