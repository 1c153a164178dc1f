// Where the framework makes endpoints of its own: a hub, health checks, a fallback file. And what is there several times: static files from several
// places, policies that are asked about each of many pictures, a component that reads its parameters itself.
using System.Security.Claims;
using Gallery;
using Gallery.Components;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.Extensions.FileProviders;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddSignalR();
builder.Services.AddHealthChecks();
builder.Services.AddRazorComponents();
builder.Services.AddAuthorizationBuilder()
    .AddPolicy("Buy", policy => policy.RequireClaim("purse"))
    .AddPolicy("Look", policy => policy.RequireAssertion(_ => true));
builder.Services.AddSingleton<IAuthorizationHandler, Guards>();

var app = builder.Build();
app.Use(async (context, next) =>
{
    context.Response.Headers["X-Gallery"] = "open";
    await next(context);
});
app.UseStaticFiles();
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "prints")) });
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "prints")), RequestPath = "/shop" });
app.UseAntiforgery();
app.MapHub<GalleryHub>("/hub");
app.MapHealthChecks("/health");
app.MapGet("/may", async (IAuthorizationService authorization) =>
{
    var visitor = new ClaimsPrincipal(new ClaimsIdentity([], "ticket"));
    var picture = new Picture();
    foreach (var policy in (string[])["Look", "Buy"])
        await authorization.AuthorizeAsync(visitor, picture, policy);
    await authorization.AuthorizeAsync(visitor, picture, new OperationAuthorizationRequirement { Name = "Touch" });
    await authorization.AuthorizeAsync(visitor, picture, [new NotTooCloseRequirement(), new OperationAuthorizationRequirement { Name = "Smell" }]);
});
app.MapRazorComponents<Room>();
app.MapFallbackToFile("index.html");
app.Run();
