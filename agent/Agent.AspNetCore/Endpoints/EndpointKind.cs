using System.Reflection;
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
        var hasMethod = false;
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
            hasMethod |= endpoint.Metadata[i] is MethodInfo;
        }
        return hasMethod ? Minimal : Other;
    }
}
