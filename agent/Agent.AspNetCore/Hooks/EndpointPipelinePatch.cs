using HarmonyLib;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// The framework makes some of its endpoints out of small pipelines: hubs and other connections, health checks, fallback files, Blazor's. Their steps
/// have no spans: they are what the endpoint does, and nobody has asked for them.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Builder.ConnectionEndpointRouteBuilderExtensions, Microsoft.AspNetCore.Http.Connections", "MapConnections")]
[HarmonyPatch([typeof(IEndpointRouteBuilder), typeof(string), typeof(HttpConnectionDispatcherOptions), typeof(Action<IConnectionBuilder>)])]
static class EndpointPipelinePatch
{
    static void Prefix() => MiddlewareComponent.BeginPlumbing();

    static void Finalizer() => MiddlewareComponent.EndPlumbing();

    [HarmonyPatch("Microsoft.AspNetCore.Builder.HealthCheckEndpointRouteBuilderExtensions, Microsoft.AspNetCore.Diagnostics.HealthChecks", "MapHealthChecksCore")]
    internal static class HealthChecksPatch
    {
        static void Prefix() => MiddlewareComponent.BeginPlumbing();

        static void Finalizer() => MiddlewareComponent.EndPlumbing();
    }

    [HarmonyPatch("Microsoft.AspNetCore.Builder.StaticFilesEndpointRouteBuilderExtensions, Microsoft.AspNetCore.StaticFiles", "CreateRequestDelegate")]
    internal static class FallbackFilesPatch
    {
        static void Prefix() => MiddlewareComponent.BeginPlumbing();

        static void Finalizer() => MiddlewareComponent.EndPlumbing();
    }

    [HarmonyPatch("Microsoft.AspNetCore.Builder.ComponentEndpointRouteBuilderExtensions, Microsoft.AspNetCore.Components.Server", "MapBlazorHub")]
    [HarmonyPatch([typeof(IEndpointRouteBuilder), typeof(string), typeof(Action<HttpConnectionDispatcherOptions>)])]
    internal static class BlazorHubPatch
    {
        static void Prefix() => MiddlewareComponent.BeginPlumbing();

        static void Finalizer() => MiddlewareComponent.EndPlumbing();
    }
}
