using Microsoft.AspNetCore.Routing;

namespace Agent.Viewer.Pages;

/// <summary>The pages, for people who look.</summary>
static class ViewerPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
    }
}
