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
            .WithTracing(tracing => tracing.AddSource(Source.Name).AddAspNetCoreInstrumentation(options => options.EnrichWithHttpResponse = Enrich).AddHttpClientInstrumentation().AddOtlpExporter());
    });

    /// <summary>A span around the app's only middleware.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, next) =>
        {
            using var activity = Source.StartActivity("middleware GrpcWeb");
            activity?.SetTag("dispatch.kind", "hook");
            activity?.SetTag("code.function.name", "Grpc.AspNetCore.Web.Internal.GrpcWebMiddleware.Invoke");
            await next(context);
        });
        next(app);
    };

    /// <summary>What the server span of a call has besides that of an HTTP request.</summary>
    static void Enrich(Activity activity, HttpResponse response)
    {
        activity.DisplayName = CallInterceptor.Method;
        activity.SetTag("rpc.system.name", "grpc");
        activity.SetTag("rpc.method", CallInterceptor.Method);
        activity.SetTag("rpc.response.status_code", "OK");
    }
}
