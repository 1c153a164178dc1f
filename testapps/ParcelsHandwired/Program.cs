// The depot of Parcels, with the spans that the agent makes for it written by hand.
using System.Diagnostics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

using var source = new ActivitySource("Parcels");
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("Parcels").AddEnvironmentVariableDetector())
    .WithTracing(tracing => tracing.AddSource(source.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter());

var app = builder.Build();
app.Use(async (context, next) =>
{
    using var activity = source.StartActivity("endpoint /depot/{city}");
    activity?.SetTag("dispatch.endpoint.kind", "minimal");
    activity?.SetTag("http.route", "/depot/{city}");
    await next(context);
    activity?.SetTag("http.response.status_code", context.Response.StatusCode);
});
app.MapGroup("/depot").AddEndpointFilter(async (context, next) =>
{
    using var activity = Filter("filter OpeningHours", "Parcels.OpeningHoursFilter.InvokeAsync");
    return context.HttpContext.Request.Headers.ContainsKey("Sunday") ? Results.StatusCode(423) : await next(context);
}).MapGet("/{city}", (string city) =>
{
    using var activity = source.StartActivity("handler /depot/{city}");
    activity?.SetTag("dispatch.kind", "load");
    activity?.SetTag("code.function.name", "Program.<<Main>$>b__0_5");
    activity?.SetTag("http.route", "/depot/{city}");
    activity?.SetTag("dispatch.result.type", "success");
    activity?.SetTag("dispatch.result.status", 200);
    return Results.Ok(city);
}).AddEndpointFilter(async (context, next) =>
{
    using var activity = Filter("filter #2", "Program.<<Main>$>b__0_6");
    await Task.Yield();
    return await next(context);
});
app.Run();

Activity? Filter(string name, string function)
{
    var activity = source.StartActivity(name);
    activity?.SetTag("dispatch.kind", "hook");
    activity?.SetTag("dispatch.filter.stage", "endpoint");
    activity?.SetTag("code.function.name", function);
    return activity;
}
