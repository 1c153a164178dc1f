using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

/// <summary>An attribute that overrides the synchronous half of a framework base class.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AuditAttribute : ActionFilterAttribute
{
    public override void OnActionExecuting(ActionExecutingContext context) => context.HttpContext.Response.Headers["Audited"] = "yes";
}
