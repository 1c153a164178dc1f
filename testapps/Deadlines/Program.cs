// Requests that end earlier or later than what they have begun: a middleware that does not wait for the rest, timeouts, clients that leave, work after the
// answer. Nothing here depends on how long something takes: what has to wait waits for another request, or for the client.
using Deadlines;
using Microsoft.AspNetCore.Connections.Features;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddRequestTimeouts();
builder.Services.AddSingleton<Leftovers>();
var app = builder.Build();
app.UseMiddleware<Impatience>();
app.UseMiddleware<Overtime>();
app.UseRequestTimeouts();
app.Use((context, next) =>
{
    if (context.Request.Path == "/replaced")
        context.RequestAborted = new CancellationToken(canceled: true);
    return next(context);
});

// Answered with 503 by the impatient middleware; they go on until somebody asks for /finish.
app.MapGet("/hurry/{what}", async (Leftovers leftovers) =>
{
    await leftovers.MayFinish;
    throw new InvalidOperationException("too late");
});
app.MapGet("/finish", async (Leftovers leftovers) =>
{
    await leftovers.Finish();
    return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
});
app.MapGet("/", () => "on time");

app.MapGet("/timeout", (CancellationToken stop) => Task.Delay(Timeout.Infinite, stop)).WithRequestTimeout(TimeSpan.FromMilliseconds(1));
app.MapGet("/late", async (CancellationToken stop) =>
{
    await Until(stop);
    return "complete all the same";
}).WithRequestTimeout(TimeSpan.FromMilliseconds(1));
app.MapGet("/replaced", () => "complete");
app.MapGet("/overtime", (HttpContext context) =>
{
    context.Response.ContentLength = "complete".Length;
    return context.Response.WriteAsync("complete");
});
var isThere = new TaskCompletionSource();
app.MapGet("/left", async (HttpContext context) =>
{
    isThere.SetResult();
    await Until(context.RequestAborted);
});
app.MapGet("/left/begun", () => isThere.Task);
app.MapGet("/cut", (HttpContext context) => context.Abort());
app.Run();

static Task Until(CancellationToken token)
{
    var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    token.Register(reached.SetResult);
    return reached.Task;
}

namespace Deadlines
{
    /// <summary>What was not waited for.</summary>
    sealed class Leftovers
    {
        readonly List<Task> _tasks = [];
        TaskCompletionSource _mayFinish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task MayFinish => _mayFinish.Task;

        public void Add(Task task) => _tasks.Add(task);

        /// <summary>Lets all of them finish.</summary>
        public async Task Finish()
        {
            _mayFinish.SetResult();
            await Task.WhenAll(_tasks).ContinueWith(_ => { }, TaskScheduler.Default);
            _tasks.Clear();
            _mayFinish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Answers before the rest has.</summary>
    sealed class Impatience(RequestDelegate next, Leftovers leftovers)
    {
        public Task InvokeAsync(HttpContext context)
        {
            if (!context.Request.Path.StartsWithSegments("/hurry"))
                return next(context);
            leftovers.Add(next(context));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }
    }

    /// <summary>Works on: after /overtime until the client has closed the connection, before /hurry/later until the request is long over.</summary>
    sealed class Overtime(RequestDelegate next, Leftovers leftovers)
    {
        public async Task InvokeAsync(HttpContext context)
        {
            var path = context.Request.Path;
            if (path == "/hurry/later")
                await leftovers.MayFinish;
            await next(context);
            if (path == "/overtime")
            {
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(closed.SetResult);
                await closed.Task;
            }
        }
    }
}
