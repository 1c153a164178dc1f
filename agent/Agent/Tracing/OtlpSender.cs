using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Diagnosis;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace Agent.Tracing;

/// <summary>Sends batches as the SDK's exporter does, through its own client: protocol, compression, certificates, retry and answers are its.</summary>
/// <param name="exporter">The exporter.</param>
/// <param name="encoding">How it writes.</param>
/// <param name="isGrpc">Whether a request begins with gRPC's frame.</param>
/// <param name="count">What is counted.</param>
sealed class OtlpSender(OtlpTraceExporter exporter, OtlpEncoding encoding, bool isGrpc, ExportCount count) : IDisposable
{
    const int Frame = 5; // a byte that says whether it is compressed, and four for the length

    readonly object _transmission = Field(exporter, "transmissionHandler") ?? throw new MissingFieldException(nameof(OtlpTraceExporter), "transmissionHandler");

    byte[] _request = [];
    byte[]? _resource;

    /// <summary>The exporter.</summary>
    public OtlpTraceExporter Exporter => exporter;

    /// <summary>How spans are written.</summary>
    public OtlpEncoding Encoding => encoding;

    /// <summary>What makes the exporter look for requests that are on disk; by itself it does so once a minute, and not at all in a process that lives shorter.</summary>
    public EventWaitHandle? Stored => Field(_transmission, "exportEvent") as EventWaitHandle;

    /// <summary>On one thread. Never throws.</summary>
    public void Send(OtlpBatch batch, BaseProvider? provider)
    {
        var isTaken = false;
        try
        {
            using var suppressed = SuppressInstrumentationScope.Begin(); // the request has no span of its own
            var length = batch.Write(ref _request, isGrpc ? Frame : 0, _resource ??= OtlpEncoding.Resource(provider?.GetResource() ?? Resource.Empty), encoding);
            if (isGrpc)
                BinaryPrimitives.WriteUInt32BigEndian(_request.AsSpan(1), (uint)(length - Frame));
            isTaken = TrySubmitRequest(_transmission, _request, length);
        }
        catch (Exception e)
        {
            count.Fail($"{e.GetType().Name}: {e.Message}");
        }
        count.Send(batch.Spans, isTaken);
    }

    static object? Field(object of, string name) => of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(of);

    public bool Shutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    public void Dispose() => exporter.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    static extern bool TrySubmitRequest(
        [UnsafeAccessorType("OpenTelemetry.Exporter.OpenTelemetryProtocol.Implementation.Transmission.OtlpExporterTransmissionHandler, OpenTelemetry.Exporter.OpenTelemetryProtocol")] object handler,
        byte[] request, int contentLength);
}
