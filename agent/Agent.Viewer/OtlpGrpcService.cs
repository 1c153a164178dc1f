using Agent.Viewer.Protos;
using Grpc.Core;

namespace Agent.Viewer;

/// <summary>OTLP over gRPC: <c>TraceService/Export</c>.</summary>
sealed class OtlpGrpcService(SpanIntake intake) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
    {
        try
        {
            intake.Accept(request, request.CalculateSize());
            return Task.FromResult(new ExportTraceServiceResponse());
        }
        catch (InvalidDataException broken)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, broken.Message));
        }
    }
}
