// What Counter needs for the spans that the agent makes for a click; its own Program.cs is as it is.
using System.Diagnostics;
using Chat;
using Counter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

[assembly: HostingStartup(typeof(Telemetry))]

namespace Counter;

/// <summary>OpenTelemetry, wired by hand.</summary>
public sealed class Telemetry : IHostingStartup
{
    public static ActivitySource Source { get; } = new("Counter");

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("Counter").AddEnvironmentVariableDetector())
        .WithTracing(tracing => tracing.AddSource(Source.Name).AddProcessor(new HubSpans())
            .AddAspNetCoreInstrumentation(options => options.EnableRazorComponentsSupport = false).AddHttpClientInstrumentation().AddOtlpExporter()));
}
