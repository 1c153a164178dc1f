using System.ComponentModel.DataAnnotations;
using Library.Filters;
using Microsoft.AspNetCore.Mvc;

namespace Library.Controllers;

public sealed class BooksController : Controller
{
    static readonly string[] Books = ["Emma", "Ulysses"];

    [Audit]
    public IActionResult Index() => View(Books);

    public async Task<IActionResult> Details(int id)
    {
        await Task.Yield();
        return id == 1 ? View("Index", Books[..1]) : NotFound();
    }

    [HttpPost]
    [ValidateAntiForgeryToken]
    public IActionResult Lend(Loan loan) => ModelState.IsValid ? RedirectToAction(nameof(Details), new { id = 1 }) : View("Form", loan);

    public IActionResult Lend() => View("Form", new Loan());

    [ServiceFilter<MembersOnlyFilter>]
    public IActionResult Archive() => Content("old books");

    public IActionResult Broken() => throw new InvalidOperationException("The catalogue is on fire.");

    [Late]
    public IActionResult Slow() => throw new TimeoutException("The archive does not answer.");

    public IActionResult BrokenView() => View("Broken");

    public IActionResult Error() => StatusCode(500, "sorry");
}

public sealed class Loan
{
    [Required]
    public string? Reader { get; set; }
}
