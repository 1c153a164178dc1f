using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Remote;

/// <summary>The same for a handler that takes the HttpContext alone: the framework has another method for it, and builds it likewise if it has filters.</summary>
[HarmonyPatch("Microsoft.AspNetCore.Routing.RouteEndpointDataSource, Microsoft.AspNetCore.Routing", "AddRequestDelegate")]
static class RequestDelegateFilterPatch
{
    static void Prefix(ref Func<Delegate, RequestDelegateFactoryOptions, RequestDelegateMetadataResult?, RequestDelegateResult> createHandlerRequestDelegateFunc) =>
        createHandlerRequestDelegateFunc = new FilteredHandler(createHandlerRequestDelegateFunc).Create;
}
