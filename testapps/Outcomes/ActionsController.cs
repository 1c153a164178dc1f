using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;

namespace Outcomes;

[Route("actions/[action]")]
public sealed class ActionsController : ControllerBase
{
    public async Task Taken()
    {
        await Task.Yield();
        Response.StatusCode = StatusCodes.Status409Conflict;
    }

    public IActionResult Members() => Challenge();

    public IActionResult Staff() => Forbid();

    public IActionResult Enter() => SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ada")], "Cookies")),
        new Microsoft.AspNetCore.Authentication.AuthenticationProperties { RedirectUri = "/actions/home?name=ada" }, "Cookies");

    public IActionResult Away() => Redirect("~/x?name=ada");

    public IActionResult Elsewhere() => RedirectToRoute("greeting", new { name = "ada" });

    [Route("/greetings/{name}", Name = "greeting")]
    public string Greet(string name) => $"Hello {name}";

    /// <summary>Its result cannot be written.</summary>
    public IActionResult Broken() => new JsonResult(new Broken(null));
}

sealed record Broken(string? Name)
{
    public int Length => Name?.Length ?? throw new InvalidOperationException("half written");
}
