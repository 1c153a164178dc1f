namespace Storefront.Telemetry;

public static class MiddlewareSpans
{
    /// <summary>A span around the middleware that is added next, and around all it calls.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="name">The span's.</param>
    /// <param name="function">The middleware's method, where it is the app's own.</param>
    /// <param name="line">Where it is in Program.cs.</param>
    public static IApplicationBuilder UseSpan(this IApplicationBuilder app, string name, string? function = null, int? line = null)
    {
        return app.Use(async (context, next) =>
        {
            using var activity = ShopTelemetry.Source.StartActivity(name);
            activity?.SetTag("dispatch.kind", "hook");
            if (function is not null)
                activity?.SetTag("code.function.name", function);
            if (line is not null)
                activity?.SetTag("code.file.path", "/_/testapps/Storefront/Program.cs").SetTag("code.line.number", line);
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
