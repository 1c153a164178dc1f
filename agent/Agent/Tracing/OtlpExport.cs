using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Diagnosis;
using Agent.Plugins;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Agent.Tracing;

/// <summary>The exporter for OTLP, with what the settings say.</summary>
static class OtlpExport
{
    internal const string Internals = "OpenTelemetry.Exporter.OpenTelemetryProtocol.Implementation.";
    internal const string Assembly = ", OpenTelemetry.Exporter.OpenTelemetryProtocol";

    public static SpanExporter Create(Settings settings, PluginList plugins, ExportCount count, CancellationToken ending)
    {
        var otlp = settings.Otlp;
        EventWaitHandle? stored = null;
        HttpClient? client = null;
        // Every property that the constructor reads from the environment by itself is set again: the file counts too, and what is not accepted does not.
        var options = new OtlpExporterOptions
        {
            // The SDK's own default is grpc; the specification's is http/protobuf.
            Protocol = otlp.Protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            Endpoint = new Uri(otlp.Endpoint),
            TimeoutMilliseconds = otlp.Timeout,
            Compression = otlp.IsCompressed ? OtlpExportCompression.GZip : OtlpExportCompression.None,
            Headers = null,
        };
        options.HttpClientFactory = () =>
        {
            var limit = TimeSpan.FromMilliseconds(otlp.Timeout);
            HttpMessageHandler sender = new ExportAnswers(OtlpConnection.Handler(otlp, Log.Warn), count, otlp.PathProblem, () => stored?.Set());
            return client = OtlpConnection.Client(otlp, settings.Retry == "in_memory" ? new ExportRetry(sender, limit, ending) : sender, limit, options.MaxResponseSizeBytes);
        };
        options = plugins.Options(options);
        var limits = Limits(settings.ForSdk);
        var exporter = Create(options, limits, Retry(settings.ForSdk), null);
        if (settings.Retry == "disk")
            stored = Stored(exporter);
        return new SpanExporter(exporter, new OtlpRecords(exporter, limits, options, count), () => client?.Dispose());
    }

    /// <summary>What makes the exporter look for requests that are on disk; by itself it does so once a minute, and not at all in a process that lives shorter.</summary>
    static EventWaitHandle? Stored(OtlpTraceExporter exporter)
    {
        var transmission = TransmissionOf(exporter);
        return transmission?.GetType().GetField("exportEvent", Inside)?.GetValue(transmission) as EventWaitHandle;
    }

    const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>What sends its requests; null if it has none of that name.</summary>
    public static object? TransmissionOf(OtlpTraceExporter exporter) => typeof(OtlpTraceExporter).GetField("transmissionHandler", Inside)?.GetValue(exporter);

    // The public constructor reads limits and retry from the environment alone.

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    static extern OtlpTraceExporter Create(
        OtlpExporterOptions options, [UnsafeAccessorType(Internals + "SdkLimitOptions" + Assembly)] object limits,
        [UnsafeAccessorType(Internals + "ExperimentalOptions" + Assembly)] object retry,
        [UnsafeAccessorType(Internals + "Transmission.OtlpExporterTransmissionHandler" + Assembly)] object? transmission);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Internals + "SdkLimitOptions" + Assembly)]
    static extern object Limits(IConfiguration configuration);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Internals + "ExperimentalOptions" + Assembly)]
    static extern object Retry(IConfiguration configuration);
}
