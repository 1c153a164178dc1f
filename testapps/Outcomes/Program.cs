// Actions, pages and handlers behind filters whose outcome shows only when the response is written: statuses set by hand, challenges that redirect, sign-ins,
// redirects to routes, results that fail, streams.
using Microsoft.AspNetCore.Authentication.Cookies;
using Outcomes;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddControllers();
builder.Services.AddRazorPages();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAuthorization();
var app = builder.Build();
app.UseAuthentication();
app.MapControllers();
app.MapRazorPages();
var filtered = app.MapGroup("/filtered").AddEndpointFilter((context, next) => next(context));
filtered.MapGet("/challenge", () => Results.Challenge());
filtered.MapGet("/replaced", () => "the filter has something else").AddEndpointFilter(async (context, next) =>
{
    await next(context);
    return Results.Conflict();
});
// The second item comes when the client has seen the first: /filtered/next says so.
var next = new TaskCompletionSource();
filtered.MapGet("/events", () => TypedResults.ServerSentEvents(Events.Count(next.Task)));
app.MapGet("/next", () => next.SetResult());
app.Run();

namespace Outcomes
{
    static class Events
    {
        public static async IAsyncEnumerable<int> Count(Task next)
        {
            yield return 1;
            await next;
            yield return 2;
        }
    }
}
