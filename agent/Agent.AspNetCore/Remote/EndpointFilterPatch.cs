using HarmonyLib;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Remote;

/// <summary>
/// Puts spans around the endpoint filters of minimal APIs, and around the handler inside them. Every way to map a handler, also
/// the ones written by the source generator, ends in this method; a handler without filters needs nothing more than its endpoint's span.
/// </summary>
[HarmonyPatch("Microsoft.AspNetCore.Routing.RouteEndpointDataSource, Microsoft.AspNetCore.Routing", "AddRouteHandler")]
static class EndpointFilterPatch
{
    static void Prefix(ref Func<Delegate, RequestDelegateFactoryOptions, RequestDelegateMetadataResult?, RequestDelegateResult> createHandlerRequestDelegateFunc) =>
        createHandlerRequestDelegateFunc = new FilteredHandler(createHandlerRequestDelegateFunc).Create;
}
