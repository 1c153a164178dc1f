using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Agent.Viewer.Pages;

/// <summary>The style sheet, the script and the icon, which are inside of the assembly.</summary>
static class Assets
{
    static readonly (string Name, string Type)[] All =
        [("viewer.css", "text/css; charset=utf-8"), ("viewer.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, type) in All)
        {
            using var resource = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
            var content = new byte[resource.Length];
            resource.ReadExactly(content);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
            routes.MapGet($"/assets/{name}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache"; // asked each time, answered with 304
                return Results.Bytes(content, type, entityTag: tag);
            });
        }
    }
}
