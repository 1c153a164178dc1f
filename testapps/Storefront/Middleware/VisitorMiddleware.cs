namespace Storefront.Middleware;

/// <summary>Finds out whom the layout greets: the X-Visitor header if there is one, else a guest.</summary>
public class VisitorMiddleware(RequestDelegate next)
{
    public const string ItemKey = "Visitor";

    public async Task InvokeAsync(HttpContext context)
    {
        string? visitor = context.Request.Headers["X-Visitor"];
        context.Items[ItemKey] = string.IsNullOrWhiteSpace(visitor) ? "guest" : visitor;
        await next(context);
    }
}
