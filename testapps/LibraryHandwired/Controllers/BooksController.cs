using Library.Filters;
using Microsoft.AspNetCore.Mvc;

namespace Library.Controllers;

public sealed class BooksController : Controller
{
    static readonly string[] Books = ["Emma", "Ulysses"];

    [Audit]
    public IActionResult Index()
    {
        using var activity = Spans.Source.StartActivity("action Books.Index");
        activity?.SetTag("code.function.name", "Library.Controllers.BooksController.Index");
        return View(Books);
    }
}
