using System.Reflection;
using Agent.AspNetCore.Remote;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// Which part of the framework serves an endpoint; the values of <see cref="Names.EndpointKind"/>. Told by the type names of its metadata,
/// because apps need not have all of these assemblies.
/// </summary>
static class EndpointKind
{
    public const string Minimal = "minimal", Mvc = "mvc", Page = "page", Component = "razor_component", Hub = "hub", Grpc = "grpc", Static = "static", Other = "other";

    public static string Of(Endpoint endpoint)
    {
        for (var i = endpoint.Metadata.Count - 1; i >= 0; i--)
        {
            switch (endpoint.Metadata[i].GetType().FullName)
            {
                case "Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor" or "Microsoft.AspNetCore.Mvc.RazorPages.CompiledPageActionDescriptor":
                    return Page;
                case "Microsoft.AspNetCore.Mvc.Controllers.ControllerActionDescriptor":
                    return Mvc;
                case "Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata":
                    return Component;
                case "Microsoft.AspNetCore.SignalR.HubMetadata" or "Microsoft.AspNetCore.Http.Connections.NegotiateMetadata":
                    return Hub;
                case "Grpc.AspNetCore.Server.GrpcMethodMetadata":
                    return Grpc;
                case "Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor":
                    return Static;
            }
        }
        return Method(endpoint) is not null || FilteredHandler.Is(endpoint) ? Minimal : Other;
    }

    /// <summary>
    /// The method that handles it. A handler that takes the HttpContext alone is not in the metadata but is the endpoint's delegate itself, as are
    /// pipelines and handlers of the framework (health checks), which are not the app's.
    /// </summary>
    public static MethodInfo? Method(Endpoint endpoint) => endpoint.Metadata.GetMetadata<MethodInfo>()
        ?? (endpoint.RequestDelegate?.Method is { DeclaringType: { } type } method && type.Assembly != typeof(EndpointKind).Assembly && AppType.Is(type) ? method : null);
}
