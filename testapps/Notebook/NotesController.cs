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

    [HttpGet("sealed")]
    [Seal]
    public IActionResult Sealed() => Content("never seen");
}
