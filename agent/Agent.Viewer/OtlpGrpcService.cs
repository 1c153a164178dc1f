using Agent.Viewer.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace Agent.Viewer;

/// <summary>OTLP over gRPC: <c>TraceService/Export</c>.</summary>
sealed class OtlpGrpcService(ISpanSink sink) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
    {
        try
        {
            sink.Add(request.ToByteArray());
            return Task.FromResult(new ExportTraceServiceResponse());
        }
        catch (InvalidDataException broken)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, broken.Message));
        }
    }
}
