using System.Reflection;
using System.Runtime.InteropServices;
using Agent.Configuration;
using OpenTelemetry.Resources;

namespace Agent.Tracing;

/// <summary>Who the spans are from: resource attributes of the semantic conventions; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.</summary>
static class AppResource
{
    /// <summary>A builder of our own: the SDK's default one asks System.Diagnostics.Process for a name.</summary>
    public static ResourceBuilder Builder(Settings settings)
    {
        var resource = ResourceBuilder.CreateEmpty();
        resource.AddService(
            serviceName: AppName,
            serviceVersion: Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            autoGenerateServiceInstanceId: true);
        resource.AddAttributes(Detected(settings.Resource, settings.EnvironmentName));
        resource.AddTelemetrySdk();
        var chosen = new Dictionary<string, object>();
        foreach (var (name, value) in settings.Resource.Attributes)
            chosen[name] = value;
        if (settings.Resource.ServiceName is { } service)
            chosen["service.name"] = service;
        return resource.AddAttributes(chosen);
    }

    /// <summary>The name of the service, set or found out.</summary>
    public static string ServiceName(Settings settings) =>
        settings.Resource.ServiceName ?? settings.Resource.Attributes.LastOrDefault(static attribute => attribute.Key == "service.name").Value?.ToString() ?? AppName;

    static string AppName => Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "unknown_service:dotnet";

    /// <summary>What can be known without asking anybody: no network, no other process.</summary>
    static Dictionary<string, object> Detected(ResourceSettings settings, string environment)
    {
        var attributes = new Dictionary<string, object>
        {
            ["deployment.environment.name"] = environment,
            ["telemetry.distro.name"] = "agent",
            ["telemetry.distro.version"] = AgentProcess.Version,
        };
        if (settings.HasContainer && Container.Id() is { } container)
            attributes["container.id"] = container;
        if (settings.HasHost)
        {
            attributes["host.name"] = Environment.MachineName;
            attributes["host.arch"] = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "amd64", var other => other.ToString().ToLowerInvariant() };
        }
        if (settings.HasOperatingSystem)
        {
            attributes["os.type"] = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            attributes["os.description"] = RuntimeInformation.OSDescription;
        }
        if (settings.HasProcess)
        {
            attributes["process.pid"] = (long)Environment.ProcessId;
            attributes["process.executable.name"] = Path.GetFileName(Environment.ProcessPath) ?? "";
        }
        if (settings.HasProcessRuntime)
        {
            attributes["process.runtime.name"] = ".NET";
            attributes["process.runtime.version"] = Environment.Version.ToString();
            attributes["process.runtime.description"] = RuntimeInformation.FrameworkDescription;
        }
        return attributes;
    }
}
