using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Controllers;

/// <summary>Looks at each of its calls itself, in the methods that controllers have for it.</summary>
public abstract class WatchedController : Controller
{
    public override void OnActionExecuting(ActionExecutingContext context)
    {
        if (context.HttpContext.Request.Headers.ContainsKey("Noisy"))
            context.Result = StatusCode(StatusCodes.Status423Locked);
    }
}

public sealed class RoomsController : WatchedController
{
    public override async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        await Task.Yield();
        await base.OnActionExecutionAsync(context, next);
    }

    public IActionResult Index() => Content("quiet");
}
