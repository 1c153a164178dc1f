using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze.Filters;

/// <summary>Runs before the others and encloses nothing.</summary>
sealed class GateFilter : IAsyncAuthorizationFilter
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        using var _ = Recorder.Enter("filter Gate authorization");
        var visit = Visit.Of(context.HttpContext);
        await visit.Work();
        if (visit.Random.Next(6) == 0)
            context.Result = new MazeResult();
    }
}
