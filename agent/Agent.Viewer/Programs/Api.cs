using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.Viewer.Programs;

/// <summary>A family of paths whose refusals look alike.</summary>
/// <remarks>Routes are plain request delegates: what reads parameters by reflection would cost at every start.</remarks>
/// <param name="routes">Where the paths are mapped.</param>
/// <param name="writeRefusal">Writes the body of a refusal: status and sentence.</param>
sealed class Api(IEndpointRouteBuilder routes, Action<Utf8JsonWriter, int, string> writeRefusal)
{
    public void Get(string path, Func<HttpContext, Task> answer) => routes.MapGet(path, Guarded(answer));

    public void Post(string path, Func<HttpContext, Task> answer) => routes.MapPost(path, Guarded(answer));

    /// <summary>Whatever the method is.</summary>
    public void Any(string path, Func<HttpContext, Task> answer) => routes.Map(path, Guarded(answer));

    RequestDelegate Guarded(Func<HttpContext, Task> answer) => async context =>
    {
        try
        {
            await answer(context);
        }
        catch (Refusal refusal)
        {
            // Everything is looked at before the first byte is written, so the status can still be said.
            context.Response.StatusCode = refusal.Status;
            await using var body = new JsonAnswer(context);
            writeRefusal(body.Json, refusal.Status, refusal.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    };
}
