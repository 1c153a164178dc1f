using HarmonyLib;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Marks what WebApplication adds by itself around the app's own pipeline (routing, endpoint execution, developer exception page,
/// authentication): everything that is used while this method runs.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Builder.WebApplicationBuilder, Microsoft.AspNetCore", "ConfigureApplication")]
[HarmonyPatch([typeof(WebHostBuilderContext), typeof(IApplicationBuilder), typeof(bool)])]
static class ImplicitMiddlewarePatch
{
    static void Prefix() => MiddlewareComponent.EnterImplicit();

    static void Finalizer() => MiddlewareComponent.LeaveImplicit();
}
