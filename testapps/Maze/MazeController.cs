using Microsoft.AspNetCore.Mvc;

namespace Maze;

/// <summary>The end of shapes without a handler of their own.</summary>
public sealed class MazeController : ControllerBase
{
    [HttpGet("maze/{number:int}")]
    [Slot(Order = 1)]
    [Slot(Order = 2)]
    [Slot(Order = 3)]
    public async Task<IActionResult> Act()
    {
        using var _ = Recorder.Enter("action Maze.Act");
        var visit = Visit.Of(HttpContext);
        await visit.Work();
        return visit.Random.Next(6) == 0 ? throw new MazeException() : new MazeResult();
    }
}
