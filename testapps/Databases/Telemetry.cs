using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Databases;

/// <summary>OpenTelemetry of the app's own, with its instrumentations for databases, if `Telemetry` says so; it may have a place of its own for what it sends.</summary>
static class Telemetry
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue("Telemetry", false))
            return;
        builder.Services.AddOpenTelemetry().WithTracing(tracing =>
        {
            tracing.AddAspNetCoreInstrumentation().AddEntityFrameworkCoreInstrumentation().AddSqlClientInstrumentation()
                .AddOtlpExporter(options =>
                {
                    options.Protocol = OtlpExportProtocol.HttpProtobuf;
                    if (builder.Configuration["TelemetryEndpoint"] is { } place)
                        options.Endpoint = new Uri($"{place}v1/traces");
                });
            if (builder.Configuration.GetConnectionString("Redis") is not null)
                tracing.AddRedisInstrumentation(options => options.FlushInterval = TimeSpan.FromMilliseconds(100));
        });
    }
}
