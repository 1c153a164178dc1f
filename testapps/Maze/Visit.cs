namespace Maze;

/// <summary>One request's way through its shape: what it does on the way is drawn from numbers of its own.</summary>
sealed class Visit
{
    Visit(HttpContext context, int seed, int shapes, bool mayCall)
    {
        Random = new Random(seed);
        Shapes = shapes;
        MayCall = mayCall;
        Self = new Uri($"http://{context.Request.Host}");
        context.Response.OnCompleted(() =>
        {
            Answered.SetResult();
            return Task.CompletedTask;
        });
        context.Items[typeof(Visit)] = this;
    }

    public Random Random { get; }

    /// <summary>How many shapes there are to call.</summary>
    public int Shapes { get; }

    /// <summary>This app.</summary>
    public Uri Self { get; }

    /// <summary>A request that was sent by another one sends none itself.</summary>
    public bool MayCall { get; }

    /// <summary>Completes with the response.</summary>
    public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Middlewares of the framework that have been entered since the last code of the app ran.</summary>
    public List<string> Silent { get; } = [];

    public static void Begin(HttpContext context, int seed, int shapes, bool mayCall) => _ = new Visit(context, seed, shapes, mayCall);

    /// <summary>Does something, perhaps.</summary>
    public Task Work() => new Work(this).Do(Random);

    public static Visit Of(HttpContext context) => (Visit)context.Items[typeof(Visit)]!;
}
