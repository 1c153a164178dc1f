using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

[AttributeUsage(AttributeTargets.Method)]
public sealed class AuditAttribute : ActionFilterAttribute
{
    public override async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        using var activity = Spans.Filter("Audit", "action", "Library.Filters.AuditAttribute.OnActionExecutionAsync");
        await base.OnActionExecutionAsync(context, next);
    }

    public override void OnActionExecuting(ActionExecutingContext context) => context.HttpContext.Response.Headers["Audited"] = "yes";

    public override async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        using var activity = Spans.Filter("Audit", "result", "Library.Filters.AuditAttribute.OnResultExecutionAsync");
        await base.OnResultExecutionAsync(context, next);
    }
}
