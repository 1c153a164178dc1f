namespace Maze;

sealed class ConventionMiddleware(RequestDelegate next)
{
    public Task Invoke(HttpContext context) => Unit.Middleware(context, "middleware Convention", () => next(context));
}
