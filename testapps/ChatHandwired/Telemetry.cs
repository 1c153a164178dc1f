// What Chat needs for the spans that the agent makes for a hub call; its own Program.cs is as it is.
using Chat;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

[assembly: HostingStartup(typeof(Telemetry))]

namespace Chat;

/// <summary>OpenTelemetry, wired by hand.</summary>
public sealed class Telemetry : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("Chat").AddEnvironmentVariableDetector())
        .WithTracing(tracing => tracing.AddProcessor(new HubSpans()).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter()));
}
