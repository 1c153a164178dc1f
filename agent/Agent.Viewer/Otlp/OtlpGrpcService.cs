using Agent.Viewer.Storage;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Viewer.Otlp;

/// <summary>OTLP over gRPC: <c>TraceService/Export</c>. Messages are taken and given as they are on the wire.</summary>
sealed class OtlpGrpcService(ISpanSink sink)
{
    static readonly Method<byte[], byte[]> ExportMethod = new(
        MethodType.Unary,
        "opentelemetry.proto.collector.trace.v1.TraceService",
        nameof(Export),
        Marshallers.Create<byte[]>(static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer()),
        Marshallers.Create<byte[]>(static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer()));

    /// <summary>What <see cref="Map"/> needs.</summary>
    public static void AddTo(IServiceCollection services, ISpanSink sink)
    {
        services.AddGrpc(static service => service.MaxReceiveMessageSize = OtlpReceiver.MaxRequestBytes);
        services.AddSingleton(new OtlpGrpcService(sink));
        services.AddSingleton<IServiceMethodProvider<OtlpGrpcService>, Methods>();
    }

    /// <summary>Answers calls.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGrpcService<OtlpGrpcService>();

    Task<byte[]> Export(byte[] request, ServerCallContext context)
    {
        try
        {
            return Task.FromResult(OtlpAnswer.Protobuf(sink.Add(request)));
        }
        catch (StorageException failure)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, failure.Message));
        }
        catch (InvalidDataException broken)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The message is not valid protobuf: {broken.Message}"));
        }
    }

    sealed class Methods : IServiceMethodProvider<OtlpGrpcService>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<OtlpGrpcService> context) =>
            context.AddUnaryMethod(ExportMethod, [], static (service, request, call) => service.Export(request, call));
    }
}
