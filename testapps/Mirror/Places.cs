using System.Security.Claims;
using System.Text.Encodings.Web;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Mirror.Protos;

namespace Mirror;

sealed class GlassMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        Glass.Look("middleware class before");
        await next(context);
        Glass.Look("middleware class after");
    }
}

sealed class GlassAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        Glass.Look("authentication");
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("name", "ada")], "Mirror")), "Mirror")));
    }
}

sealed class GlassRequirement : IAuthorizationRequirement;

sealed class GlassAuthorizationHandler : AuthorizationHandler<GlassRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, GlassRequirement requirement)
    {
        Glass.Look("authorization handler");
        await Task.Yield();
        Glass.Look("authorization handler later");
        context.Succeed(requirement);
    }
}

sealed class GlassExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        Glass.Look("exception handler");
        httpContext.Response.StatusCode = 500;
        await httpContext.Response.WriteAsync("handled", cancellationToken);
        return true;
    }
}

[AttributeUsage(AttributeTargets.Class)]
sealed class GlassFilterAttribute : Attribute, IAuthorizationFilter, IAsyncResourceFilter, IExceptionFilter, IAsyncResultFilter
{
    public void OnAuthorization(AuthorizationFilterContext context) => Glass.Look("authorization filter");

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        Glass.Look("resource filter before");
        await next();
        Glass.Look("resource filter after");
    }

    public void OnException(ExceptionContext context) => Glass.Look("exception filter");

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        Glass.Look("result filter before");
        await next();
        Glass.Look("result filter after");
    }
}

[GlassFilter]
public sealed class GlassController : Controller
{
    public override void OnActionExecuting(ActionExecutingContext context) => Glass.Look("action filter before");

    public override void OnActionExecuted(ActionExecutedContext context) => Glass.Look("action filter after");

    [HttpGet("/controller")]
    public async Task<IActionResult> Index([FromServices] IHttpClientFactory clients)
    {
        Glass.Look("action");
        await Task.Yield();
        Glass.Look("action later");
        using var client = clients.CreateClient();
        return View("Index", await client.GetStringAsync(new Uri($"{Request.Scheme}://{Request.Host}/baggage")));
    }
}

sealed class GlassHubFilter : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.Hub is not GlassHub)
            return await next(invocationContext); // Blazor's, whose calls do not wait for what they cause
        Glass.Look("hub filter before");
        var result = await next(invocationContext);
        Glass.Look("hub filter after");
        return result;
    }
}

sealed class GlassHub : Hub
{
    public override Task OnConnectedAsync()
    {
        Glass.Look("hub connected");
        return Task.CompletedTask;
    }

    public async Task<string> Look()
    {
        Glass.Look("hub method");
        await Task.Yield();
        Glass.Look("hub method later");
        return $"looked at {Context.ConnectionId.Length}";
    }
}

sealed class GlassInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Glass.Look("interceptor before");
        var response = await continuation(request, context);
        Glass.Look("interceptor after");
        return response;
    }
}

sealed class GlassService : Protos.Glass.GlassBase
{
    public override async Task<Glance> Look(Glance request, ServerCallContext context)
    {
        Mirror.Glass.Look("gRPC method");
        await Task.Yield();
        Mirror.Glass.Look("gRPC method later");
        return new Glance();
    }
}
