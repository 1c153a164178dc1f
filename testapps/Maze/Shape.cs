using System.Runtime.CompilerServices;

namespace Maze;

/// <summary>One pipeline, drawn from a seed.</summary>
sealed class Shape(int number, int seed)
{
    const string ControllerRoute = "maze/{number:int}";

    readonly Random _random = new(seed);

    /// <summary>What the request's own span should be called.</summary>
    public string RequestName { get; private set; } = $"GET {ControllerRoute}";

    string Path => $"/maze/{number}";

    /// <summary>Adds the shape's middlewares to a branch of its own; what it gives is run after the last of them, with what comes after the branches.</summary>
    public Func<HttpContext, RequestDelegate, Task> AddTo(IApplicationBuilder branch, IEndpointRouteBuilder endpoints)
    {
        AddMiddlewares(branch, depth: 0);
        switch (_random.Next(4))
        {
            case 0:
                branch.Run(context => Unit.Middleware(context, $"middleware Shape.cs:{Here()}", next: null));
                return static (context, main) => main(context); // never comes so far
            case 1:
                return static (context, main) => Unit.Endpoint(context, $"endpoint {ControllerRoute}", main);
            default:
                RequestName = $"GET {Path}";
                AddHandler(endpoints);
                return (context, main) => Unit.Endpoint(context, $"endpoint {Path}", main);
        }
    }

    void AddMiddlewares(IApplicationBuilder app, int depth)
    {
        for (var i = _random.Next(depth > 0 ? 3 : 5); i > 0; i--)
        {
            switch (_random.Next(8))
            {
                case 0:
                    app.Use((context, next) => Unit.Middleware(context, $"middleware Shape.cs:{Here()}", () => next(context)));
                    break;
                case 1:
                    app.Use(async (context, next) => await Unit.Middleware(context, $"middleware Shape.cs:{Here()}", () => next()));
                    break;
                case 2:
                    app.Use(next => context => Unit.Middleware(context, $"middleware Shape.cs:{Here()}", () => next(context)));
                    break;
                case 3:
                    app.UseMiddleware<ConventionMiddleware>();
                    break;
                case 4:
                    app.UseMiddleware<FactoryMiddleware>();
                    break;
                case 5:
                    app.UseWhen(context => Decide(context, "middleware UseWhen"), inner => AddMiddlewares(inner, depth + 1));
                    break;
                case 6:
                    app.MapWhen(context => Decide(context, "middleware MapWhen", oneIn: 4), AddBranch);
                    break;
                case 7:
                    // A map asks nobody of the app, so the middleware before it says that it comes. Inside of another one, the path has lost its beginning.
                    var map = _random.Next(4) == 0 ? "/maze" : "/nowhere";
                    app.Use((context, next) => Unit.Middleware(context, $"middleware Shape.cs:{Here()}", () => next(context),
                        below: context.Request.Path.StartsWithSegments(map) ? $"middleware Map {map}" : null));
                    app.Map(map, AddBranch);
                    break;
            }
        }

        void AddBranch(IApplicationBuilder inner)
        {
            AddMiddlewares(inner, depth + 1);
            inner.Run(context => Unit.Middleware(context, $"middleware Shape.cs:{Here()}", next: null));
        }
    }

    static bool Decide(HttpContext context, string name, int oneIn = 2)
    {
        var visit = Visit.Of(context);
        if (visit.Random.Next(oneIn) != 0)
            return false;
        visit.Silent.Add(name);
        return true;
    }

    void AddHandler(IEndpointRouteBuilder endpoints)
    {
        var filters = _random.Next(4);
        var hasFilters = filters > 0;
        IEndpointConventionBuilder handler = _random.Next(5) switch
        {
            0 => endpoints.MapGet(Path, string (HttpContext context) =>
            {
                using var _ = EnterHandler(hasFilters);
                return "synchronous";
            }),
            1 => endpoints.MapGet(Path, async Task<string> (HttpContext context) =>
            {
                using var _ = EnterHandler(hasFilters);
                await Handle(context);
                return "asynchronous";
            }),
            2 => endpoints.MapGet(Path, async ValueTask<IResult> (HttpContext context) =>
            {
                using var _ = EnterHandler(hasFilters);
                await Handle(context).ConfigureAwait(false);
                return Results.Ok("value");
            }),
            3 => endpoints.MapGet(Path, IAsyncEnumerable<int> (HttpContext context) =>
            {
                using var _ = EnterHandler(hasFilters);
                return Work.Items(3);
            }),
            _ => endpoints.MapGet(Path, async Task (HttpContext context) =>
            {
                using var _ = EnterHandler(hasFilters);
                await Handle(context);
                await context.Response.WriteAsync("delegate");
            }),
        };
        for (var i = 1; i <= filters; i++)
            AddFilter(handler);
    }

    /// <summary>With filters around it a handler has a span of its own, else that of its endpoint.</summary>
    IDisposable EnterHandler(bool hasFilters) => hasFilters ? Recorder.Enter($"handler {Path}") : Recorder.Adopt();

    static async Task Handle(HttpContext context)
    {
        var visit = Visit.Of(context);
        await visit.Work();
        if (visit.Random.Next(6) == 0)
            throw new MazeException();
    }

    void AddFilter(IEndpointConventionBuilder handler)
    {
        switch (_random.Next(4))
        {
            case 0:
                handler.AddEndpointFilter((context, next) => Unit.Filter(context.HttpContext, $"filter Shape.cs:{Here()}", () => next(context)));
                break;
            case 1:
                handler.AddEndpointFilter(async (context, next) => await Unit.Filter(context.HttpContext, $"filter Shape.cs:{Here()}", () => next(context)));
                break;
            case 2:
                handler.AddEndpointFilter<IEndpointConventionBuilder, StepFilter>();
                break;
            case 3:
                handler.AddEndpointFilterFactory((_, next) => context => Unit.Filter(context.HttpContext, $"filter Shape.cs:{Here()}", () => next(context)));
                break;
        }
    }

    static int Here([CallerLineNumber] int line = 0) => line;
}
