using Microsoft.AspNetCore.Mvc;

namespace Maze;

public sealed class MazeResult : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        using var _ = Recorder.Enter("result MazeResult");
        await Visit.Of(context.HttpContext).Work();
        await context.HttpContext.Response.WriteAsync("result");
    }
}
