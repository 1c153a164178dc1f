// An app that sends telemetry of its own, as others do: each kind is switched on by an argument that says where it goes.
using Azure.Monitor.OpenTelemetry.AspNetCore;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Serilog;
using Serilog.Sinks.OpenTelemetry;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var telemetry = builder.Configuration;

// What Aspire's template for service defaults writes: everything is set up, and sent only where a collector is named. The service has no name.
if (telemetry.GetValue("Defaults", false))
{
    builder.Logging.AddOpenTelemetry(logging => logging.IncludeScopes = true);
    builder.Services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
        .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());
    if (!string.IsNullOrWhiteSpace(telemetry["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        builder.Services.AddOpenTelemetry().UseOtlpExporter();
}

if (telemetry["AzureMonitor"] is { } connection)
{
    builder.Services.AddOpenTelemetry().UseAzureMonitor(options =>
    {
        options.ConnectionString = connection;
        options.EnableLiveMetrics = false;
        options.DisableOfflineStorage = true;
        options.TracesPerSecond = null;
        options.SamplingRatio = 1;
    });
}

if (telemetry["Sentry"] is { } dsn)
    builder.WebHost.UseSentry(options => options.Dsn = dsn);

var logs = new LoggerConfiguration();
if (telemetry["Otlp"] is { } collector)
{
    logs.WriteTo.OpenTelemetry(options =>
    {
        options.Endpoint = $"{collector}/v1/logs";
        options.Protocol = telemetry.GetValue("OtlpProtocol", OtlpProtocol.HttpProtobuf);
    });
}
if (telemetry["Seq"] is { } seq)
    logs.WriteTo.Seq(seq);
using var log = logs.CreateLogger();

using var client = new HttpClient();
var app = builder.Build();
app.MapGet("/ships/{name}", (string name) =>
{
    log.Information("{Ship} has passed", name);
    return $"{name} has passed";
});
app.MapGet("/storm", string () => throw new InvalidOperationException("the lamp is out"));
app.MapGet("/harbour", async () => await client.GetStringAsync(new Uri($"{telemetry["Harbour"]}/berths?free=2")));
app.Run();
