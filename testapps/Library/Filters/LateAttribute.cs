using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

/// <summary>Turns one exception into a response.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LateAttribute : ExceptionFilterAttribute
{
    public override void OnException(ExceptionContext context)
    {
        if (context.Exception is TimeoutException)
            context.Result = new ContentResult { StatusCode = StatusCodes.Status504GatewayTimeout, Content = "too late" };
    }
}
