using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze.Filters;

/// <summary>Two calls with others between them, not around them.</summary>
sealed class BracketFilter : IActionFilter
{
    public void OnActionExecuting(ActionExecutingContext context)
    {
        using var _ = Recorder.Enter("filter Bracket OnActionExecuting");
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
        using var _ = Recorder.Enter("filter Bracket OnActionExecuted");
    }
}
