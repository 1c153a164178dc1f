// What Greeter needs for the spans that the agent makes for a unary call; its own Program.cs is as it is.
using System.Diagnostics;
using Greeter;
using Grpc.AspNetCore.Server;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

[assembly: HostingStartup(typeof(Telemetry))]

namespace Greeter;

/// <summary>OpenTelemetry, wired by hand.</summary>
public sealed class Telemetry : IHostingStartup, IStartupFilter
{
    public static ActivitySource Source { get; } = new("Greeter");

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.AddSingleton<IStartupFilter>(this);
        services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<CallInterceptor>());
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("Greeter").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Source.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter());
    });

    /// <summary>A span around the app's only middleware, and what the server span has of gRPC.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, next) =>
        {
            var server = Activity.Current;
            using (var activity = Source.StartActivity("middleware GrpcWeb"))
            {
                activity?.SetTag("dispatch.kind", "hook");
                activity?.SetTag("code.function.name", "Grpc.AspNetCore.Web.Internal.GrpcWebMiddleware.Invoke");
                await next(context);
            }
            server?.SetTag("rpc.system.name", "grpc");
            server?.SetTag("rpc.method", CallInterceptor.Method);
            server?.SetTag("rpc.response.status_code", "OK");
        });
        next(app);
    };
}
