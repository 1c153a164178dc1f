using System.Diagnostics;
using Agent.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Remote;

/// <summary>What the server span of a gRPC call has besides that of an HTTP request, or instead (semantic conventions for gRPC).</summary>
static class GrpcServerSpan
{
    const string System = "grpc";

    /// <summary>False if gRPC has not answered, but a middleware before it: then the rules of HTTP say what was wrong.</summary>
    public static bool Complete(Activity activity, GrpcMethod method, HttpContext context)
    {
        activity.DisplayName = method.IsKnown ? method.Name : System;
        activity.SetTag(Names.RpcSystem, System);
        activity.SetTag(Names.RpcMethod, method.Name);
        if (!method.IsKnown)
            activity.SetTag(Names.RpcMethodOriginal, context.Request.Path.Value?.TrimStart('/'));

        // Set by the endpoint's span, if there was one.
        if ((activity.GetTagItem(Names.RpcStatusCode) as string ?? GrpcStatus.Of(context)) is not { } status)
            return false;
        activity.SetTag(Names.RpcStatusCode, status);
        if (GrpcStatus.IsError(status))
        {
            activity.SetTag(Names.ErrorType, status);
            activity.SetStatus(ActivityStatusCode.Error);
        }
        else if (status == GrpcStatus.Cancelled && Client.HasLeft(context))
        {
            activity.SetTag(Names.ResultType, ResultType.Aborted);
        }
        return true;
    }
}
