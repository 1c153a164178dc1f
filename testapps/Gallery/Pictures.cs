using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.SignalR;

namespace Gallery;

public sealed class GalleryHub : Hub
{
    public string Greet(int guests) => $"welcome, you {guests}";
}

sealed class Picture;

sealed class NotTooCloseRequirement : IAuthorizationRequirement;

/// <summary>Let everybody come close, and nobody touch.</summary>
sealed class Guards : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        foreach (var requirement in context.PendingRequirements.ToList())
        {
            if (requirement is NotTooCloseRequirement or OperationAuthorizationRequirement { Name: "Smell" })
                context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
