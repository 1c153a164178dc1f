using System.Runtime.CompilerServices;
using Agent.Diagnosis;
using Agent.Plugins;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>Where spans go: the exporters of OTEL_TRACES_EXPORTER. Each is in a method of its own, so that only the packages that are used are loaded.</summary>
static class Exporters
{
    public static void Add(TracerProviderBuilder builder, Settings settings, PluginList plugins)
    {
        var counts = new List<ExportCount>();
        foreach (var name in settings.Exporters)
        {
            var count = new ExportCount(name, hears: counts.Count == 0);
            counts.Add(count);
            builder.AddProcessor(name switch
            {
                "console" => new CountedAtOnce(Console(plugins), count, settings),
                "zipkin" => new CountedBatch(ZipkinExport.Create(settings, plugins, count), count, settings),
                _ => Otlp(settings, plugins, count),
            });
        }
        AgentStatus.Exporters = counts;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static CountedBatch Otlp(Settings settings, PluginList plugins, ExportCount count)
    {
        var ending = new CancellationTokenSource();
        return new CountedBatch(OtlpExport.Create(settings, plugins, count, ending.Token), count, settings, ending);
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

    /// <summary>At once, as the specification wants it, so between the app's own lines: whoever asks for it wants to read both.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static ConsoleActivityExporter Console(PluginList plugins) => new(plugins.Options(new ConsoleExporterOptions()));
}
