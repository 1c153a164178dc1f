using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Heirloom;

public class ClocksController : Controller
{
    public string Index() => "three clocks";

    public string Wind(string id) => $"{id} is wound up";

    public string Drop() => throw new InvalidOperationException("It is in pieces.");

    [Locked]
    public string Sell() => "sold";
}

[Route("api/clocks"), ApiController]
public class ClockApiController : ControllerBase
{
    [HttpGet("{id:int}")]
    public object Get(int id) => new { id };

    [HttpPost]
    public object Add() => NoContent();
}

[Area("Attic")]
public class TrunkController : Controller
{
    public string Open() => "letters";
}

public class ErrorsController : Controller
{
    public string Broken() => "We are sorry.";

    public string Missing() => "There is no such thing.";
}

[AttributeUsage(AttributeTargets.Method)]
sealed class LockedAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context) => context.Result = new StatusCodeResult(423);

    public void OnResourceExecuted(ResourceExecutedContext context) { }
}
