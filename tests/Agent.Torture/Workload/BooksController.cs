using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Agent.Torture.Workload;

/// <summary>The controller of the workload's app; public, or MVC would not find it.</summary>
[ApiController]
[Route("api/books")]
[Stamp]
public sealed class BooksController : ControllerBase
{
    [HttpGet]
    public IEnumerable<Book> All() => [new Book { Id = 1, Title = "one" }, new Book { Id = 2, Title = "two" }];

    [HttpGet("{id:int}")]
    public async Task<ActionResult<Book>> One(int id, [FromQuery] string title = "none")
    {
        await Task.Yield();
        if (id == 0)
            throw new InvalidOperationException("no book has the id 0");
        return id > 50 ? NotFound() : new Book { Id = id, Title = title };
    }

    [HttpPost]
    public IActionResult Add(Book book) => CreatedAtAction(nameof(One), new { id = book.Id }, book);
}

public sealed class Book
{
    public int Id { get; set; }

    [Required, MinLength(2)]
    public string? Title { get; set; }
}

/// <summary>A filter on every side of the action.</summary>
sealed class StampAttribute : ActionFilterAttribute
{
    public override async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        context.HttpContext.Response.Headers.Append("X-Seen", "before");
        var executed = await next();
        if (executed.Exception is null)
            context.HttpContext.Response.Headers.Append("X-Seen", "after");
    }
}
