// Libraries that ask a PostgreSQL database again and again whether there is something to do. `Lookout:Part` says which of them is there.
using Lookout;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter(static (category, _) => category?.StartsWith("Microsoft.Hosting.", StringComparison.Ordinal) == true); // where it listens
var database = new Database(builder.Configuration.GetConnectionString("Lookout")!);
builder.Services.AddSingleton(database);
Action<WebApplication> map = builder.Configuration["Lookout:Part"] switch
{
    "Hangfire" => HangfireJobs.Add(builder, database),
    "Quartz" => QuartzJobs.Add(builder, database),
    "Rebus" => RebusMessages.Add(database),
    "RebusTimeouts" => RebusMessages.AddTimeouts(database),
    "Cap" => CapMessages.Add(builder, database),
    "Wolverine" => WolverineMessages.Add(builder, database),
    "Orleans" => Grains.Add(builder, database),
    "OrleansClient" => Grains.AddClient(builder, database),
    var other => throw new InvalidOperationException($"Lookout:Part is «{other}»"),
};
var app = builder.Build();
app.MapGet("/idle", async (int commands) =>
{
    await database.Idle(commands);
    return "idle";
});
map(app);
app.Run();
