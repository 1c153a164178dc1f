using HarmonyLib;

namespace Agent.AspNetCore.Remote;

/// <summary>What a gRPC method throws ends here, whatever kind of method it is: it becomes a status, and the call's task a successful one.</summary>
[HarmonyPatch("Grpc.AspNetCore.Server.Internal.HttpContextServerCallContext, Grpc.AspNetCore.Server", "ProcessHandlerErrorAsync")]
static class GrpcErrorPatch
{
    static void Prefix(Exception ex) => GrpcSpan.Current?.Note(ex);
}
