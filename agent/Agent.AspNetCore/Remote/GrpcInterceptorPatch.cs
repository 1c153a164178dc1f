using System.Reflection;
using Agent.Instrumentations;
using HarmonyLib;

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

    static void Prefix(Type type)
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
