using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Diagnosis;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace Agent.Tracing;

/// <summary>
/// Sends records of spans together with activities: OpenTelemetry's exporter writes the activities and their resource, the records go behind them into the same
/// message, and the exporter's own transmission sends that.
/// </summary>
/// <param name="exporter">The exporter.</param>
/// <param name="limits">The SdkLimitOptions that it has been made with.</param>
/// <param name="options">The options that it has been made with.</param>
/// <param name="count">Told what went wrong.</param>
sealed class OtlpRecords(OtlpTraceExporter exporter, object limits, OtlpExporterOptions options, ExportCount count)
{
    const string Internals = OtlpExport.Internals, Assembly = OtlpExport.Assembly;

    /// <summary>A byte and the length, before each message of gRPC.</summary>
    const int GrpcPrefix = 5;

    const int FirstSize = 32 * 1024;

    /// <summary>Fields of TracesData, ResourceSpans and ScopeSpans.</summary>
    const int ScopeSpans = 2, Scope = 1, Span = 2;

    readonly object _transmission = OtlpExport.TransmissionOf(exporter) ?? throw new MissingFieldException(nameof(OtlpTraceExporter), "transmissionHandler");
    readonly int _prefix = options.Protocol == OtlpExportProtocol.Grpc ? GrpcPrefix : 0;
    readonly List<(ActivitySource Source, List<SpanRecord> Records)> _scopes = [];
    Resource? _resource;
    int _size = FirstSize;

    /// <summary>Sends them in one request. Called by one thread at a time.</summary>
    public ExportResult Export(in Batch<Activity> activities, List<SpanRecord> records)
    {
        using var suppressed = SuppressInstrumentationScope.Begin();
        var buffer = ArrayPool<byte>.Shared.Rent(_size); // as the exporter's own are, which gives back what is too small
        try
        {
            var length = Write(ref buffer, activities, records);
            _size = Math.Max(FirstSize, length);
            if (length - _prefix <= options.MaxRequestSizeBytes)
                return TrySubmit(_transmission, buffer, length) ? ExportResult.Success : ExportResult.Failure;
            count.Fail($"a request of {length - _prefix} bytes is larger than {options.MaxRequestSizeBytes}");
        }
        catch (Exception e)
        {
            count.Fail($"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return ExportResult.Failure;
    }

    /// <returns>Where the message ends.</returns>
    int Write(ref byte[] buffer, in Batch<Activity> activities, List<SpanRecord> records)
    {
        _resource ??= exporter.ParentProvider.GetResource();
        var begun = WriteActivities(null, ref buffer, _prefix, limits, _resource, activities, options.MaxRequestSizeBytes + _prefix);
        var writer = new OtlpWriter(buffer, begun);
        foreach (var (source, spans) in ByScope(records))
        {
            var scopeSpans = writer.Begin(ScopeSpans);
            var scope = writer.Begin(Scope);
            writer.String(1, source.Name);
            writer.String(2, source.Version ?? "");
            writer.End(scope);
            foreach (var span in spans)
            {
                var message = writer.Begin(Span);
                span.Write(ref writer);
                writer.End(message);
            }
            writer.End(scopeSpans);
            spans.Clear();
        }
        buffer = writer.Buffer;
        // The exporter has left four bytes for the length of its one ResourceSpans, which the records belong to, too.
        const int tag = 1;
        OtlpWriter.SetLength(buffer, _prefix + tag, writer.Position - _prefix - tag - OtlpWriter.ReservedLength);
        if (_prefix > 0)
        {
            buffer[0] = 0;
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(1), writer.Position - _prefix);
        }
        return writer.Position;
    }

    List<(ActivitySource Source, List<SpanRecord> Records)> ByScope(List<SpanRecord> records)
    {
        foreach (var record in records)
        {
            var at = 0;
            while (at < _scopes.Count && _scopes[at].Source.Name != record.Source.Name)
                at++;
            if (at == _scopes.Count)
                _scopes.Add((record.Source, []));
            _scopes[at].Records.Add(record);
        }
        return _scopes.FindAll(static scope => scope.Records.Count > 0);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "WriteTraceData")]
    static extern int WriteActivities(
        [UnsafeAccessorType(Internals + "Serializer.ProtobufOtlpTraceSerializer" + Assembly)] object? serializer, ref byte[] buffer, int position,
        [UnsafeAccessorType(Internals + "SdkLimitOptions" + Assembly)] object limits, Resource? resource, in Batch<Activity> batch, int maxSize);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TrySubmitRequest")]
    static extern bool TrySubmit([UnsafeAccessorType(Internals + "Transmission.OtlpExporterTransmissionHandler" + Assembly)] object transmission, byte[] request, int length);
}
