namespace Maze;

sealed class StepFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Unit.Filter(context.HttpContext, "filter Step", () => next(context));
}
