// Looks at the current activity wherever an app has code of its own: it is the same with a tracer as with nobody but a listener to the framework's sources,
// and so are its identity, its id, its tags and the baggage that a call takes along.
using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Mirror;
using Mirror.Components;

using var listener = new ActivityListener
{
    ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "System.Net.Http" or "Microsoft.AspNetCore.SignalR.Server" or "Microsoft.AspNetCore.SignalR.Client"
        or "Microsoft.AspNetCore.Components" or "Microsoft.AspNetCore.Components.Server.Circuits" or "Grpc.Net.Client" or "Mirror",
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
};
ActivitySource.AddActivityListener(listener);

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllersWithViews();
builder.Services.AddRazorPages();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddSignalR(hubs => hubs.AddFilter(new GlassHubFilter()));
builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<GlassInterceptor>());
builder.Services.AddAuthentication("Mirror").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, GlassAuthentication>("Mirror", null);
builder.Services.AddAuthorization(rules => rules.AddPolicy("Glass", policy => policy.AddRequirements(new GlassRequirement())));
builder.Services.AddSingleton<IAuthorizationHandler, GlassAuthorizationHandler>();
builder.Services.AddExceptionHandler<GlassExceptionHandler>();
builder.Services.AddProblemDetails();
builder.Services.AddHostedService<Chores>();
builder.Services.AddHttpClient();

var app = builder.Build();
app.Use((context, next) =>
{
    Glass.EnterRequest(context.Features.GetRequiredFeature<IHttpActivityFeature>().Activity);
    Glass.Look("middleware");
    return next(context);
});
app.UseExceptionHandler();
app.UseMiddleware<GlassMiddleware>();
app.UseWhen(context => context.Request.Path.StartsWithSegments("/minimal"), branch => branch.Use(async (context, next) =>
{
    await Task.Yield();
    Glass.Look("branch before");
    await next(context);
    Glass.Look("branch after");
}));
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });

app.MapGet("/minimal", async (HttpContext context, IHttpClientFactory clients) =>
{
    Glass.Look("handler");
    await Task.Yield();
    Glass.Look("handler later");
    await Elsewhere.Everywhere();
    using var client = clients.CreateClient();
    return await client.GetStringAsync($"{context.Request.Scheme}://{context.Request.Host}/baggage");
}).AddEndpointFilter(async (context, next) =>
{
    Glass.Look("endpoint filter before");
    var result = await next(context);
    Glass.Look("endpoint filter after");
    return result;
}).RequireAuthorization("Glass");
app.MapGet("/baggage", (HttpRequest request) => string.Join(' ', request.Headers["baggage"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
    .Select(item => item.Split('=')[0].Trim()).Order(StringComparer.Ordinal)));
app.MapGet("/throws", string () =>
{
    Glass.Look("before it throws");
    throw new InvalidOperationException("as meant");
});
app.MapControllers();
app.MapRazorPages();
app.MapRazorComponents<GlassDocument>().AddInteractiveServerRenderMode();
app.MapHub<GlassHub>("/hub");
app.MapGrpcService<GlassService>();
app.MapGet("/calls", async (HttpContext context) => await Calls.Make(new Uri($"{context.Request.Scheme}://{context.Request.Host}")));
app.MapGet("/seen", Glass.All);
app.Run();
