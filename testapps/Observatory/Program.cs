// An app that has OpenTelemetry already: it sends its traces where `Telemetry:Endpoint` says, all of them or (`Telemetry:Sampled=false`) none.
// With `Telemetry:Traces=false` it has the packages but no tracer provider.
// With `Telemetry:Dome` it asks that address for the weather, before anything else, and opens its dome
// before it starts.
using System.Diagnostics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

if (new ConfigurationBuilder().AddCommandLine(args).Build()["Telemetry:Dome"] is { } weather)
    await Dome.Ask(new Uri(weather));

using var source = new ActivitySource("Observatory");
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var telemetry = builder.Configuration.GetSection("Telemetry");
if (telemetry.GetValue("Traces", true))
{
    builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("Observatory"))
        .WithTracing(tracing => tracing
            .AddSource(source.Name)
            .AddAspNetCoreInstrumentation()
            .SetSampler(telemetry.GetValue("Sampled", true) ? new AlwaysOnSampler() : new AlwaysOffSampler())
            .AddOtlpExporter(options =>
            {
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = new Uri($"{telemetry["Endpoint"]}v1/traces");
            }));
}

if (telemetry["Dome"] is not null)
    builder.Services.AddHostedService<Dome>();

var app = builder.Build();
app.Use(async (context, next) =>
{
    context.Response.Headers["X-Telescope"] = "north";
    await next(context);
});
app.MapGet("/stars/{name}", (string name) =>
{
    using var lookup = source.StartActivity("look up");
    return $"{name} is {name.Length} light years away";
});
app.Run();

sealed class Dome : IHostedService
{
    public static async Task Ask(Uri weather)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(weather);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
