using Agent.Diagnosis;
using Agent.Plugins;
using OpenTelemetry.Exporter;

namespace Agent.Tracing;

/// <summary>The exporter for Zipkin: deprecated, as the format's own servers take OTLP by now, but still a value of OTEL_TRACES_EXPORTER.</summary>
static class ZipkinExport
{
    public static ZipkinExporter Create(Settings settings, PluginList plugins, ExportCount count) => new(plugins.Options(new ZipkinExporterOptions
    {
        Endpoint = new Uri(settings.Zipkin.Endpoint),
        HttpClientFactory = () => new HttpClient(new ExportAnswers(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null }, count)) { Timeout = TimeSpan.FromMilliseconds(settings.Zipkin.Timeout) },
    }));
}
