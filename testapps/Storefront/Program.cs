using Microsoft.EntityFrameworkCore;
using Storefront.Data;
using Storefront.Middleware;
using Storefront.Services;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

var connectionString = builder.Configuration.GetConnectionString("Shop") ?? ShopDatabase.InMemory;

builder.Services.AddRazorPages();
builder.Services.AddHealthChecks();
builder.Services.AddDbContext<ShopContext>(options => options.UseSqlite(connectionString));
builder.Services.AddHostedService<ShopDatabase>();
builder.Services.AddHttpClient<StockClient>();
builder.Services.AddTransient<MaintenanceMiddleware>();

var app = builder.Build();

if (!app.Environment.IsDevelopment())
    app.UseExceptionHandler("/Error");

app.UseStaticFiles();

app.Use(async (context, next) =>
{
    context.Response.Headers["X-Shop"] = "Storefront";
    await next(context);
});

app.UseMiddleware<VisitorMiddleware>();
app.UseMiddleware<MaintenanceMiddleware>();

app.Map("/ping", ping => ping.Run(context => context.Response.WriteAsync("pong")));

app.MapRazorPages();
app.MapHealthChecks("/health");
app.MapGet("/api/stock/{sku}", async (string sku, ShopContext db) =>
    await db.Stock.AsNoTracking().FirstOrDefaultAsync(item => item.Sku == sku) is { } item
        ? Results.Ok(item)
        : Results.NotFound());
app.MapGet("/allocated", Allocated.Bytes);

app.Run();
