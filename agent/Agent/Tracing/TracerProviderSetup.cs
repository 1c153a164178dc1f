using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Agent.Tracing;

/// <summary>Builds the tracer provider: which sources, which resource, which exporter.</summary>
static class TracerProviderSetup
{
    public static TracerProvider Build(Settings settings)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .AddSource(Sources(settings))
            .AddSource(Names.StartSource)
            .SetResourceBuilder(Resource(settings)); // a builder of our own: the default one asks System.Diagnostics.Process for a name
        if (settings.Exporter == TracesExporter.Otlp)
            builder.AddOtlpExporter(options => Configure(options, settings));
        var provider = builder.Build();
        HubSpans.Start();
        Prepare();
        return provider;
    }

    /// <summary>What is heard: the agent's own sources, the framework's, and those that the user has named.</summary>
    public static string[] Sources(Settings settings)
    {
        List<string> sources = [Names.DispatchSource, Names.DataSource, Names.MethodSource];
        foreach (var (name, source) in Names.FrameworkSources)
        {
            if (Switches.IsOn(settings, name))
                sources.Add(source);
        }
        return [.. sources, .. settings.AdditionalSources];
    }

    /// <summary>
    /// Begins and ends one span that is not sent, so that what the first span of a process has to load and compile is done here,
    /// beside the app's start, and not in its first request.
    /// </summary>
    static void Prepare()
    {
        using var source = new ActivitySource(Names.StartSource);
        using var parent = source.StartActivity("start");
        using var span = source.StartActivity("start", ActivityKind.Internal, parentContext: default, [new(Names.Kind, DispatchKind.Hook)]);
        span?.SetTag(Names.ResultStatus, 200).SetTag(Names.Kind, null);
        foreach (var activity in (Activity?[])[span, parent])
        {
            if (activity is not null)
                activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded; // processors take only recorded spans
        }
    }

    static void Configure(OtlpExporterOptions options, Settings settings)
    {
        // The SDK's own default is grpc; the specification's is http/protobuf.
        options.Protocol = settings.Protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(settings.Endpoint);
    }

    /// <summary>Resource attributes of the semantic conventions; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.</summary>
    static ResourceBuilder Resource(Settings settings)
    {
        var entry = Assembly.GetEntryAssembly();
        var resource = ResourceBuilder.CreateEmpty();
        resource.AddService(
            serviceName: entry?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "unknown_service:dotnet",
            serviceVersion: entry?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            autoGenerateServiceInstanceId: true);
        resource.AddAttributes(new Dictionary<string, object>
        {
            ["deployment.environment.name"] = settings.EnvironmentName,
            ["host.name"] = Environment.MachineName,
            ["host.arch"] = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "amd64", var other => other.ToString().ToLowerInvariant() },
            ["os.type"] = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
            ["os.description"] = RuntimeInformation.OSDescription,
            ["process.pid"] = (long)Environment.ProcessId,
            ["process.executable.name"] = Path.GetFileName(Environment.ProcessPath) ?? "",
            ["process.runtime.name"] = ".NET",
            ["process.runtime.version"] = Environment.Version.ToString(),
            ["process.runtime.description"] = RuntimeInformation.FrameworkDescription,
            ["telemetry.distro.name"] = "agent",
            ["telemetry.distro.version"] = AgentProcess.Version,
        });
        resource.AddTelemetrySdk();
        return resource.AddEnvironmentVariableDetector();
    }
}
