namespace Maze;

/// <summary>A middleware, filter or handler: draws what it does, does it, and writes down that it was there.</summary>
static class Unit
{
    /// <summary>A middleware; below it, the framework may run one of its own of which the app hears nothing.</summary>
    public static Task Middleware(HttpContext context, string name, Func<Task>? next, string? below = null)
    {
        var visit = Visit.Of(context);
        return In(visit, name, next is null ? null : () =>
        {
            if (below is not null)
                visit.Silent.Add(below);
            return next();
        }, context);
    }

    /// <summary>A filter or handler.</summary>
    public static async ValueTask<object?> Filter(HttpContext context, string name, Func<ValueTask<object?>> next)
    {
        object? result = "stopped";
        await In(Visit.Of(context), name, async () => result = await next(), context, answers: false);
        return result;
    }

    /// <summary>The routed end of the way: what runs in it is inside of a span that belongs to the endpoint.</summary>
    public static async Task Endpoint(HttpContext context, string name, RequestDelegate endpoint)
    {
        using var around = Silent(Visit.Of(context));
        using var _ = Recorder.EnterSilently(name);
        await endpoint(context);
    }

    static Task In(Visit visit, string name, Func<Task>? next, HttpContext context, bool answers = true)
    {
        using var around = Silent(visit); // left when this method returns: the asynchronous ones have taken it along
        return next is null ? Last() : visit.Random.Next(4) switch
        {
            0 => Straight(),
            1 => Asynchronous(continueOnCapturedContext: true),
            2 => Asynchronous(continueOnCapturedContext: false),
            _ => Catching(),
        };

        Task Straight()
        {
            using (Recorder.Enter(name))
                return next();
        }

        async Task Asynchronous(bool continueOnCapturedContext)
        {
            using var _ = Recorder.Enter(name);
            await visit.Work();
            if (visit.Random.Next(12) == 0)
                throw new MazeException();
            if (visit.Random.Next(12) == 0)
            {
                if (answers)
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
            await next().ConfigureAwait(continueOnCapturedContext);
            await visit.Work();
        }

        async Task Catching()
        {
            using var _ = Recorder.Enter(name);
            try
            {
                await next();
            }
            catch (MazeException)
            {
                if (!context.Response.HasStarted)
                    context.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
            await visit.Work();
        }

        async Task Last()
        {
            using var _ = Recorder.Enter(name);
            await visit.Work();
            if (visit.Random.Next(6) == 0)
                throw new MazeException();
            await context.Response.WriteAsync("here");
        }
    }

    /// <summary>The framework's middlewares since the last code of the app, entered now.</summary>
    static Places Silent(Visit visit)
    {
        var places = new Places([.. visit.Silent.Select(name => Recorder.EnterSilently(name))]);
        visit.Silent.Clear();
        return places;
    }

    sealed class Places(IDisposable[] places) : IDisposable
    {
        public void Dispose()
        {
            foreach (var place in places.Reverse())
                place.Dispose();
        }
    }
}
