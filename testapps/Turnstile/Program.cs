using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Turnstile;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication("Ticket").AddScheme<TicketOptions, TicketHandler>("Ticket", null);
builder.Services.AddAuthorizationBuilder().AddPolicy("Adults", policy => policy.AddRequirements(new AdultRequirement()));
builder.Services.AddSingleton<IAuthorizationHandler, AdultHandler>();
builder.Services.AddSingleton<IAuthorizationHandler, OwnerHandler>();
builder.Services.AddSingleton<IAuthorizationHandler, AttendantHandler>();
builder.Services.AddExceptionHandler<TimeoutExceptionHandler>();
builder.Services.AddExceptionHandler<LastExceptionHandler>();
builder.Services.AddProblemDetails();
builder.Services.AddOutputCache();
builder.Services.AddResponseCaching();
builder.Services.AddScoped<FactoryMiddleware>();
builder.Services.AddRateLimiter(limits => limits.AddFixedWindowLimiter("once", window => (window.PermitLimit, window.Window) = (1, TimeSpan.FromHours(1))));

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePagesWithReExecute("/sorry/{0}");
app.UseMiddleware<FactoryMiddleware>();
app.UseWhen(context => context.Request.Path.StartsWithSegments("/tour"), tour => tour.Use((context, next) => next(context)));
app.MapWhen(context => context.Request.Path == "/museum", museum => museum.Run(context => context.Response.WriteAsync("museum")));
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UseOutputCache();
app.UseResponseCaching();

app.MapGet("/", () => "free");
app.MapGet("/tour", () => "tour");
app.MapGet("/bar", () => "bar").RequireAuthorization("Adults");
app.MapGet("/locker/{age}", async (string age, HttpContext context, IAuthorizationService authorization) =>
    (await authorization.AuthorizeAsync(context.User, new Locker(age), new OwnerRequirement())).Succeeded ? Results.Ok("open") : Results.Forbid());
app.MapGet("/ride", () => "ride").RequireRateLimiting("once");
app.MapGet("/map", () => "map").CacheOutput();
app.MapGet("/prices", (HttpContext context) =>
{
    context.Response.Headers.CacheControl = "public, max-age=600";
    return "prices";
});
app.MapGet("/slow", string () => throw new TimeoutException("The ride does not start."));
app.MapGet("/broken", string () => throw new InvalidOperationException("The ride is broken."));
app.MapGet("/sorry/{code:int}", (int code) => $"sorry: {code}");
app.Run();

namespace Turnstile
{
    sealed class FactoryMiddleware : IMiddleware
    {
        public Task InvokeAsync(HttpContext context, RequestDelegate next) => next(context);
    }

    sealed class AdultRequirement : IAuthorizationRequirement;

    sealed class AdultHandler : AuthorizationHandler<AdultRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AdultRequirement requirement)
        {
            await Task.Yield();
            if (context.User.HasClaim("age", "18"))
                context.Succeed(requirement);
        }
    }

    sealed record Locker(string Age);

    sealed class OwnerRequirement : IAuthorizationRequirement;

    sealed class OwnerHandler : AuthorizationHandler<OwnerRequirement, Locker>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnerRequirement requirement, Locker resource)
        {
            if (context.User.HasClaim("age", resource.Age))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    /// <summary>Opens every locker; is asked about everything.</summary>
    sealed class AttendantHandler : IAuthorizationHandler
    {
        public async Task HandleAsync(AuthorizationHandlerContext context)
        {
            await Task.Yield();
            foreach (var requirement in context.PendingRequirements.OfType<OwnerRequirement>().Where(_ => context.User.HasClaim("age", "60")))
                context.Succeed(requirement);
        }
    }
}
