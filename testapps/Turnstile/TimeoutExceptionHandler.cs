using Microsoft.AspNetCore.Diagnostics;

namespace Turnstile;

sealed class TimeoutExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not TimeoutException)
            return false;
        httpContext.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        await httpContext.Response.WriteAsync("come back later", cancellationToken);
        return true;
    }
}

sealed class LastExceptionHandler : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
