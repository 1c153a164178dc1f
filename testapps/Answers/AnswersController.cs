using Microsoft.AspNetCore.Mvc;

namespace Answers;

/// <summary>Actions of all result types; the formatter is the client's choice.</summary>
[ApiController]
[Route("mvc")]
public sealed class AnswersController : ControllerBase
{
    public sealed class Letter
    {
        public string Text { get; set; } = "";
    }

    [HttpGet("letter")]
    public Letter GetLetter() => new() { Text = "Dear Ada" };

    [HttpGet("letter/result")]
    public ActionResult<Letter> GetResult() => new Letter { Text = "Dear Ada" };

    [HttpGet("letter/null")]
    public Letter? GetNull() => null;

    [HttpGet("text")]
    public string GetText() => "text";

    [HttpGet("object")]
    public object GetObject() => new Letter { Text = "Dear Ada" };

    [HttpGet("task")]
    public async Task<Letter> GetTask()
    {
        await Task.Yield();
        return new Letter { Text = "Dear Ada" };
    }

    [HttpGet("valuetask")]
    public async ValueTask<ActionResult<Letter>> GetValueTask()
    {
        await Task.Yield();
        return NotFound();
    }

    [HttpGet("stream")]
    public async IAsyncEnumerable<Letter> GetStream()
    {
        await Task.Yield();
        yield return new Letter { Text = "one" };
    }

    [HttpGet("void")]
    public void GetVoid() => Response.StatusCode = 202;

    [HttpGet("throws")]
    public Letter GetThrows() => throw new InvalidOperationException("thrown");

    [HttpPost("letter")]
    public Letter Post(Letter letter) => letter;
}
