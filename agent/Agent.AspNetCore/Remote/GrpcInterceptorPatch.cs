using System.Collections;
using System.Reflection;
using Agent.Instrumentations;
using HarmonyLib;
using Microsoft.Extensions.Options;

namespace Agent.AspNetCore.Remote;

/// <summary>
/// Finds gRPC's server interceptors when the methods that they stand before are mapped, and patches what they override. Wrapping them would
/// have to know how each is made.
/// </summary>
[HarmonyPatch("Grpc.Shared.Server.InterceptorActivators, Grpc.AspNetCore.Server", "GetInterceptorActivator")]
static class GrpcInterceptorPatch
{
    const string Base = "Grpc.Core.Interceptors.Interceptor";

    static readonly Harmony Harmony = new("agent.aspnetcore.interceptors");
    static readonly TypeSet Seen = new();

    static void Prefix(Type type) => See(type);

    /// <summary>Those of a service that was mapped before the agent was there.</summary>
    /// <param name="metadata">The metadata of one of its methods.</param>
    /// <param name="service">The service's type.</param>
    /// <param name="services">Of the app.</param>
    public static void See(object metadata, Type service, IServiceProvider services)
    {
        if (metadata.GetType().Assembly.GetType("Grpc.AspNetCore.Server.GrpcServiceOptions`1")?.MakeGenericType(service) is not { } type)
            return;
        var options = services.GetService(typeof(IOptions<>).MakeGenericType(type));
        var value = options?.GetType().GetProperty("Value")?.GetValue(options);
        foreach (var interceptor in value?.GetType().GetProperty("Interceptors")?.GetValue(value) as IEnumerable ?? Array.Empty<object>())
        {
            if (interceptor.GetType().GetProperty("Type")?.GetValue(interceptor) is Type found)
                See(found);
        }
    }

    static void See(Type type)
    {
        if (!Seen.Add(type))
            return;
        var handlers = from name in (string[])["UnaryServerHandler", "ClientStreamingServerHandler", "ServerStreamingServerHandler", "DuplexStreamingServerHandler"]
                       let method = type.GetMethod(name, BindingFlags.Instance | BindingFlags.Public)
                       where method is not null && method.DeclaringType!.FullName != Base
                       select method;
        PatchCalls.Install(Harmony, handlers, typeof(GrpcInterceptorCall), "an interceptor");
    }
}
