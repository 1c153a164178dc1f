using Microsoft.AspNetCore.Mvc.Filters;

namespace Notebook;

[AttributeUsage(AttributeTargets.Method)]
public sealed class NoteFilterAttribute : Attribute, IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        Notes.Write("filter");
        await next();
        Notes.Write("filter, after the action");
    }
}
