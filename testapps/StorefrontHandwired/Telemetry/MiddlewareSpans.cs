namespace Storefront.Telemetry;

public static class MiddlewareSpans
{
    /// <summary>A span around the middleware that is added next, and around all it calls.</summary>
    public static IApplicationBuilder UseSpan(this IApplicationBuilder app, string name)
    {
        return app.Use(async (context, next) =>
        {
            using var activity = ShopTelemetry.Source.StartActivity(name);
            try
            {
                await next(context);
            }
            catch (Exception exception)
            {
                activity?.Fail(exception);
                throw;
            }
        });
    }
}
