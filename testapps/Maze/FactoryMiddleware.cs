namespace Maze;

sealed class FactoryMiddleware : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) => Unit.Middleware(context, "middleware Factory", () => next(context));
}
