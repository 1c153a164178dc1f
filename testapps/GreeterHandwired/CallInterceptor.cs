using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Greeter;

/// <summary>A span around the unary call, and in it one around the app's interceptor.</summary>
public sealed class CallInterceptor : Interceptor
{
    public const string Method = "greet.Greeter/SayHello";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Telemetry.Source.StartActivity($"grpc {Method}");
        call?.SetTag("dispatch.kind", "remote");
        call?.SetTag("dispatch.endpoint.kind", "grpc");
        call?.SetTag("rpc.method", Method);
        call?.SetTag("code.function.name", "Greeter.Services.GreeterService.SayHello");
        using var interceptor = Telemetry.Source.StartActivity("interceptor Manners");
        interceptor?.SetTag("dispatch.kind", "hook");
        interceptor?.SetTag("code.function.name", "Greeter.Services.MannersInterceptor.UnaryServerHandler");
        var response = await continuation(request, context);
        call?.SetTag("rpc.response.status_code", "OK");
        call?.SetTag("dispatch.result.type", "success");
        return response;
    }
}
