namespace Storefront.Middleware;

/// <summary>Answers "Back soon." instead of the shop when the request has the header X-Maintenance: on.</summary>
public class MaintenanceMiddleware : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-Maintenance"] == "on")
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("Back soon.");
            return;
        }

        await next(context);
    }
}
