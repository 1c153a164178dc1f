// The Storefront's Program.cs with OpenTelemetry wired by hand; keep the two alike otherwise.
using Microsoft.EntityFrameworkCore;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Storefront.Data;
using Storefront.Middleware;
using Storefront.Services;
using Storefront.Telemetry;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

var connectionString = builder.Configuration.GetConnectionString("Shop") ?? ShopDatabase.InMemory;
var commandSpans = new CommandSpanInterceptor();

builder.Services.AddRazorPages(options => options.Conventions.ConfigureFilter(new HandlerSpanFilter()));
builder.Services.AddHealthChecks();
builder.Services.AddDbContext<ShopContext>(options => options.UseSqlite(connectionString).AddInterceptors(commandSpans));
builder.Services.AddHostedService<ShopDatabase>();
builder.Services.AddHttpClient<StockClient>();
builder.Services.AddTransient<MaintenanceMiddleware>();

builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("Storefront").AddEnvironmentVariableDetector())
    .WithTracing(tracing => tracing
        .AddSource(ShopTelemetry.Source.Name)
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddOtlpExporter());

var app = builder.Build();

if (!app.Environment.IsDevelopment())
{
    app.UseSpan("middleware ExceptionHandler");
    app.UseExceptionHandler("/Error");
}

app.UseSpan("middleware StaticFile");
app.UseStaticFiles();

app.UseSpan("middleware Program.cs:30", "Program.<<Main>$>b__0_2", 30);
app.Use(async (context, next) =>
{
    context.Response.Headers["X-Shop"] = "Storefront";
    await next(context);
});

app.UseSpan("middleware Visitor", "Storefront.Middleware.VisitorMiddleware.InvokeAsync");
app.UseMiddleware<VisitorMiddleware>();

app.UseSpan("middleware Maintenance", "Storefront.Middleware.MaintenanceMiddleware.InvokeAsync");
app.UseMiddleware<MaintenanceMiddleware>();

app.Map("/ping", ping =>
{
    ping.UseSpan("middleware Map /ping");
    ping.Run(context => context.Response.WriteAsync("pong"));
});

app.Use(async (context, next) =>
{
    using var activity = ShopTelemetry.Source.StartActivity("endpoint");
    activity?.SetTag("dispatch.endpoint.kind", "page");
    activity?.SetTag("http.route", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
    await next(context);
    activity?.SetTag("http.response.status_code", context.Response.StatusCode);
});

app.MapRazorPages();
app.MapHealthChecks("/health");
app.MapGet("/api/stock/{sku}", async (string sku, ShopContext db) =>
    await db.Stock.AsNoTracking().FirstOrDefaultAsync(item => item.Sku == sku) is { } item
        ? Results.Ok(item)
        : Results.NotFound());

app.Run();
