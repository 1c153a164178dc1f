using Microsoft.AspNetCore.Mvc;

namespace Library.Controllers;

[ApiController]
[Route("api/readers")]
public sealed class ReadersController : ControllerBase
{
    [HttpGet("{id:int}")]
    public ActionResult<Reader> Get(int id) => id < 10 ? new Reader(id, "Ada") : NotFound();

    [HttpPost]
    public async Task<ActionResult<Reader>> Add(Reader reader)
    {
        await Task.Yield();
        return CreatedAtAction(nameof(Get), new { id = reader.Id }, reader);
    }
}

public sealed record Reader(int Id, string Name);
