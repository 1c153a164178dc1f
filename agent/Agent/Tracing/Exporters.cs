using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Plugins;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>Where spans go: the exporters of OTEL_TRACES_EXPORTER. Each is in a method of its own, so that only the packages that are used are loaded.</summary>
static class Exporters
{
    public static void Add(TracerProviderBuilder builder, Settings settings, PluginList plugins)
    {
        foreach (var name in settings.Exporters)
        {
            builder.AddProcessor(name switch
            {
                "console" => Console(plugins),
                "zipkin" => Batched(ZipkinExport.Create(settings, plugins), settings),
                _ => Batched(OtlpExport.Create(settings, plugins), settings),
            });
        }
    }

    /// <summary>What the line at start says about them.</summary>
    public static string Describe(Settings settings)
    {
        var places = new List<string>();
        foreach (var name in settings.Exporters)
        {
            places.Add(name switch
            {
                "console" => "standard output (console)",
                "zipkin" => $"{Configuration.SettingReader.WithoutSecrets(settings.Zipkin.Endpoint)} (zipkin)",
                _ => $"{Configuration.SettingReader.WithoutSecrets(settings.Otlp.Endpoint)} ({settings.Otlp.Protocol})",
            });
        }
        return places.Count > 0 ? $"traces go to {string.Join(" and to ", places)}." : "traces go nowhere (OTEL_TRACES_EXPORTER=none).";
    }

    static BatchActivityExportProcessor Batched(BaseExporter<Activity> exporter, Settings settings) =>
        new(exporter, settings.Batch.QueueSize, settings.Batch.Delay, settings.Batch.Timeout, settings.Batch.BatchSize);

    /// <summary>At once, as the specification wants it, so between the app's own lines: whoever asks for it wants to read both.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static SimpleActivityExportProcessor Console(PluginList plugins) => new(new ConsoleActivityExporter(plugins.Options(new ConsoleExporterOptions())));
}
