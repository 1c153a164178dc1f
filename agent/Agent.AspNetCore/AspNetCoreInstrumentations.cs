using Agent.AspNetCore.Actions;
using Agent.AspNetCore.Components;
using Agent.AspNetCore.Hooks;
using Agent.AspNetCore.Loads;
using Agent.AspNetCore.Remote;
using Agent.AspNetCore.Server;
using Agent.Diagnosis;
using HarmonyLib;

namespace Agent.AspNetCore;

/// <summary>The list of ASP.NET Core's instrumentations.</summary>
public static class AspNetCoreInstrumentations
{
    /// <summary>Patch classes by the assembly of their target. An instrumentation is a patch class and its name here.</summary>
    internal static IReadOnlyDictionary<string, Type[]> Patches { get; } = new Dictionary<string, Type[]>
    {
        ["Microsoft.AspNetCore.Hosting"] = [typeof(ServerSpanPatch), typeof(ServerSpanPatch.EndTagsPatch), typeof(ServerSpanPatch.BuiltHostPatch)],
        ["Microsoft.AspNetCore.Server.Kestrel.Core"] = [typeof(ServerSpanPatch.AbortPatch), typeof(MiddlewarePatch.ResponsePatch)],
        ["Microsoft.AspNetCore.Http"] = [typeof(MiddlewarePatch)],
        ["Microsoft.AspNetCore.Routing"] = [typeof(ShortCircuitPatch), typeof(EndpointFilterPatch), typeof(RequestDelegateFilterPatch), typeof(RouterPatch.RoutePatch)],
        ["Microsoft.AspNetCore.Http.Connections"] = [typeof(EndpointPipelinePatch)],
        ["Microsoft.AspNetCore.Diagnostics.HealthChecks"] = [typeof(EndpointPipelinePatch.HealthChecksPatch)],
        ["Microsoft.AspNetCore.StaticFiles"] = [typeof(EndpointPipelinePatch.FallbackFilesPatch)],
        ["Microsoft.AspNetCore.Diagnostics"] = [typeof(ExceptionHandlerPatch)],
        ["Microsoft.AspNetCore.Authorization"] = [typeof(AuthorizationServicePatch), typeof(AuthorizationServicePatch.PolicyPatch), typeof(AuthorizationServicePatch.DerivedPolicyPatch), typeof(AuthorizationHandlerPatch)],
        ["Microsoft.AspNetCore.Authorization.Policy"] = [typeof(AuthorizationPatch)],
        ["Microsoft.AspNetCore.Antiforgery"] = [typeof(AntiforgeryPatch)],
        ["Microsoft.AspNetCore.Mvc.Core"] = [typeof(ControllerActionPatch), typeof(ControllerBindingPatch), typeof(ResultPatch), typeof(FilterPatch), typeof(RouterPatch)],
        ["Microsoft.AspNetCore.Mvc.Razor"] = [typeof(ViewPatch), typeof(LayoutPatch)],
        ["Microsoft.AspNetCore.Mvc.ViewFeatures"] = [typeof(ViewComponentPatch)],
        ["Microsoft.AspNetCore.SignalR.Core"] = [typeof(HubErrorPatch), typeof(HubRefusalPatch), typeof(HubRefusalPatch.UnknownMethodPatch), typeof(ClientResultPatch)],
        ["Grpc.AspNetCore.Server"] = [typeof(GrpcErrorPatch), typeof(GrpcInterceptorPatch)],
        ["Microsoft.AspNetCore.Mvc.RazorPages"] = [typeof(PageHandlerPatch), typeof(PageBindingPatch)],
        ["Microsoft.AspNetCore.Components"] = [typeof(ComponentLoadPatch), typeof(ComponentLoadPatch.OverridePatch), typeof(EventDispatchPatch), typeof(EventHandlerPatch)],
        ["Microsoft.AspNetCore.Components.Endpoints"] = [typeof(FormPatch)],
        ["Microsoft.AspNetCore.Components.Server"] = [typeof(CircuitErrorPatch), typeof(EndpointPipelinePatch.BlazorHubPatch)],
        ["Microsoft.JSInterop"] = [typeof(JsInvokePatch), typeof(JsInvokeNamePatch)],
    };

    static int _isListening;

    /// <summary>Called by the agent when the first assembly of ASP.NET Core is loaded.</summary>
    public static void Start() => new Harmony("agent.aspnetcore").PatchWhenLoaded(Switches.Wanted(Patches, Settings.Current), MayPatch, AgentStatus.ReportMissing);

    /// <summary>Where methods cannot be patched, a listener does what it can instead.</summary>
    static bool MayPatch(Action whenDecided)
    {
        if (AgentProcess.IsEngineThere(whenDecided))
            return true;
        if (AgentProcess.IsEngineDecided && !AgentProcess.HasStoodDown && Interlocked.Exchange(ref _isListening, 1) == 0)
            ServerSpanListener.Start();
        return false;
    }
}
