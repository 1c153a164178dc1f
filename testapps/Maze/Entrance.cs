using System.Globalization;

namespace Maze;

/// <summary>Sends each request into its shape.</summary>
sealed class Entrance(IReadOnlyList<Shape> shapes, IReadOnlyList<RequestDelegate> branches, int seed, RequestDelegate next)
{
    public async Task Invoke(HttpContext context)
    {
        if (context.Request.Path.Value!.Split('/') is not ["", "maze", var text] || !int.TryParse(text, CultureInfo.InvariantCulture, out var number))
        {
            await next(context);
            return;
        }
        int? call = context.Request.Headers["Call"] is [{ } caller] ? int.Parse(caller, CultureInfo.InvariantCulture) : null;
        Visit.Begin(context, seed + number, shapes.Count, mayCall: call is null);
        using var request = Recorder.EnterRequest(shapes[number].RequestName, call);
        using var _ = Recorder.Enter("middleware Entrance");
        await branches[number](context);
    }
}
