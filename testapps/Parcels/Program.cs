using Parcels;

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/parcels/{id:int}", (int id) => id < 1000 ? Results.Ok(new Parcel(id, "sent")) : Results.NotFound());
app.MapPost("/parcels", async (Parcel parcel) =>
{
    await Task.Yield();
    return parcel.State.Length > 0 ? Results.Created($"/parcels/{parcel.Id}?by=me", parcel) : Results.BadRequest();
});
app.MapGet("/track", () => Results.Redirect("/parcels/1?secret=4711"));
app.MapGet("/broken", string () => throw new InvalidOperationException("The van is on fire."));
app.MapGet("/closed", () => Results.StatusCode(503)).WithName("Closed");

var depot = app.MapGroup("/depot").AddEndpointFilter<OpeningHoursFilter>();
depot.MapGet("/{city}", (string city) => Results.Ok(city))
    .AddEndpointFilter(async (context, next) =>
    {
        await Task.Yield();
        return await next(context);
    });
depot.MapPost("/{city}/close", (string city) => TypedResults.Redirect($"/depot/{city}"));
depot.MapGet("/{city}/sign", (HttpContext context) =>
{
    context.Response.StatusCode = StatusCodes.Status404NotFound;
    return context.Response.WriteAsync("no sign");
});
app.MapGet("/motto", (HttpContext context) => context.Response.WriteAsync("Slow but sure."));
app.MapGet("/health", () => "well").ShortCircuit();
app.MapShortCircuit(404, "robots.txt");
app.Run();

namespace Parcels
{
    public sealed record Parcel(int Id, string State);

    /// <summary>Answers in the handler's place on Sundays.</summary>
    sealed class OpeningHoursFilter : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
            context.HttpContext.Request.Headers.ContainsKey("Sunday") ? ValueTask.FromResult<object?>(Results.StatusCode(423)) : next(context);
    }
}
