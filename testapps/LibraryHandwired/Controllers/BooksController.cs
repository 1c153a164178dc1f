using Library.Filters;
using Microsoft.AspNetCore.Mvc;

namespace Library.Controllers;

public sealed class BooksController : Controller
{
    static readonly string[] Books = ["Emma", "Ulysses"];

    [Audit]
    public IActionResult Index()
    {
        using var activity = Spans.Start("action Books.Index", "load", "Library.Controllers.BooksController.Index");
        activity?.SetTag("dispatch.result.type", "success");
        activity?.SetTag("dispatch.result.status", 200);
        return View(Books);
    }
}
