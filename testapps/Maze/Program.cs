// A thousand pipelines drawn from a seed, one for each path /maze/{number}; /recordings says what ran inside of what.
// Configuration: Maze:Shapes, Maze:Seed.
using System.Text.Json;
using Maze;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.None); // what nobody catches is meant to be so
builder.Services.AddControllers();
builder.Services.AddHttpContextAccessor();
builder.Services.AddTransient<FactoryMiddleware>();
var app = builder.Build();

var seed = builder.Configuration.GetValue("Maze:Seed", 1);
var (shapes, branches) = (new List<Shape>(), new List<(IApplicationBuilder Builder, Func<HttpContext, RequestDelegate, Task> End)>());
for (var number = 0; number < builder.Configuration.GetValue("Maze:Shapes", 1); number++)
{
    var (shape, branch) = (new Shape(number, seed + number), ((IApplicationBuilder)app).New());
    shapes.Add(shape);
    branches.Add((branch, shape.AddTo(branch, app)));
}

// As UseWhen does it: each branch is joined with what comes after all of them.
app.Use(main =>
{
    var built = new List<RequestDelegate>();
    foreach (var (branch, end) in branches)
    {
        branch.Run(context => end(context, main));
        built.Add(branch.Build());
    }
    return new Entrance(shapes, built, seed, main).Invoke;
});
app.MapControllers();
app.MapGet("/recordings", async () =>
{
    while (Work.Late.TryDequeue(out var late))
        await late;
    return Results.Json(Recorder.Recordings, new JsonSerializerOptions { MaxDepth = 1000 });
});
app.Run();
