using Microsoft.AspNetCore.Mvc;

namespace Notebook;

[Route("notes")]
public sealed class NotesController : Controller
{
    [HttpGet]
    [NoteFilter]
    public async Task<IActionResult> Index()
    {
        await Task.Yield();
        Notes.Write("action");
        return View();
    }

    /// <summary>Goes on when the client has left, as actions do that do not ask.</summary>
    [HttpPost("patient")]
    public async Task<IActionResult> Patient()
    {
        var left = new TaskCompletionSource();
        await using (HttpContext.RequestAborted.UnsafeRegister(static left => ((TaskCompletionSource)left!).SetResult(), left))
        {
            await Response.WriteAsync("still here");
            await Response.Body.FlushAsync();
            await left.Task;
        }
        return new EmptyResult();
    }

    [HttpGet("stamped")]
    [RedStamp, BlueStamp]
    public IActionResult Stamped() => Content("stamped");

    [HttpGet("sealed")]
    [Seal]
    public IActionResult Sealed() => Content("never seen");
}
