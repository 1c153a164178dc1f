using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Remote;

/// <summary>
/// The gRPC method an endpoint stands for. Everything about gRPC is a package that apps need not have: types are told by their names, and
/// read through accessors that are compiled only when there is one.
/// </summary>
sealed class GrpcMethod
{
    /// <summary>The conventions' name for a method that the server does not have: clients must not choose names.</summary>
    const string Other = "_OTHER";

    static readonly ConditionalWeakTable<Endpoint, Entry> Methods = [];
    static readonly Attempts Attempts = new("gRPC methods");

    GrpcMethod(string name, params KeyValuePair<string, object?>[] tags)
    {
        Name = name;
        Description = new SpanDescription($"grpc {name}",
            [new(Names.Kind, DispatchKind.Remote), new(Names.EndpointKind, EndpointKind.Grpc), new(Names.RpcMethod, name), .. tags]);
    }

    /// <summary>«package.Service/Method».</summary>
    public string Name { get; }

    /// <summary>The server has it.</summary>
    public bool IsKnown => Name != Other;

    /// <summary>Of the endpoint's span.</summary>
    public SpanDescription Description { get; }

    /// <summary>Null for endpoints that are no gRPC method; one called with JSON (transcoding) speaks HTTP and is none.</summary>
    public static GrpcMethod? Of(Endpoint? endpoint)
    {
        if (endpoint is null)
            return null;
        if (!Methods.TryGetValue(endpoint, out var entry))
            Methods.AddOrUpdate(endpoint, entry = new Entry(Attempts.Make(endpoint, Read)));
        return entry.Method;
    }

    static GrpcMethod? Read(Endpoint endpoint)
    {
        if (endpoint is not RouteEndpoint { RoutePattern: var pattern })
            return null;
        // MapGrpcService adds catch-all endpoints for what clients may ask for in vain (ServiceRouteBuilder.CreateUnimplementedEndpoints).
        if (pattern.GetParameter("unimplementedMethod") is not null)
            return new GrpcMethod(Other);
        var metadata = MetadataOf(endpoint);
        if (metadata is null)
            return null;
        var method = Method(metadata);
        return pattern.RawText?.EndsWith(FullName(method), StringComparison.Ordinal) == true
            ? new GrpcMethod(FullName(method).TrimStart('/'), new KeyValuePair<string, object?>(Names.CodeFunction, $"{ServiceType(metadata).FullName}.{MethodName(method)}"))
            : null;
    }

    /// <summary>The interceptors of an endpoint that was there before the agent.</summary>
    public static void SeeInterceptors(Endpoint endpoint, IServiceProvider services)
    {
        if (MetadataOf(endpoint) is { } metadata)
            GrpcInterceptorPatch.See(metadata, ServiceType(metadata), services);
    }

    static object? MetadataOf(Endpoint endpoint) => endpoint.Metadata.FirstOrDefault(static item => item.GetType().FullName == "Grpc.AspNetCore.Server.GrpcMethodMetadata");

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ServiceType")]
    static extern Type ServiceType([UnsafeAccessorType("Grpc.AspNetCore.Server.GrpcMethodMetadata, Grpc.AspNetCore.Server")] object metadata);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Method")]
    [return: UnsafeAccessorType("Grpc.Core.IMethod, Grpc.Core.Api")]
    static extern object Method([UnsafeAccessorType("Grpc.AspNetCore.Server.GrpcMethodMetadata, Grpc.AspNetCore.Server")] object metadata);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_FullName")]
    static extern string FullName([UnsafeAccessorType("Grpc.Core.IMethod, Grpc.Core.Api")] object method);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Name")]
    static extern string MethodName([UnsafeAccessorType("Grpc.Core.IMethod, Grpc.Core.Api")] object method);

    /// <summary>Also keeps that an endpoint is none.</summary>
    sealed record Entry(GrpcMethod? Method);
}
