// The catalogue of Library, with the spans that the agent makes for it written by hand.
using Library;
using Library.Filters;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllersWithViews(options => options.Filters.Add<TimingFilter>());
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("Library").AddEnvironmentVariableDetector())
    .WithTracing(tracing => tracing.AddSource(Spans.Source.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter());

var app = builder.Build();
app.Use(async (context, next) =>
{
    using var activity = Spans.Start("middleware ExceptionHandler", "hook");
    await next(context);
});
app.UseExceptionHandler("/Books/Error");
app.Use(async (context, next) =>
{
    using var activity = Spans.Source.StartActivity("endpoint Books/Index/{id?}");
    activity?.SetTag("dispatch.endpoint.kind", "mvc");
    activity?.SetTag("http.route", "{controller=Books}/{action=Index}/{id?}");
    await next(context);
    activity?.SetTag("http.response.status_code", context.Response.StatusCode);
});
app.MapControllerRoute("default", "{controller=Books}/{action=Index}/{id?}");
app.Run();
