using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

/// <summary>A synchronous authorization filter that answers in the action's place.</summary>
public sealed class MembersOnlyFilter : IAuthorizationFilter
{
    public void OnAuthorization(AuthorizationFilterContext context)
    {
        if (!context.HttpContext.Request.Headers.ContainsKey("Member"))
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
    }
}
