// Loads a plugin five times, each time into a load context that can be unloaded, lets it work inside a request, unloads it, and says how many of the five
// are still there when all garbage has been collected. The plugin is this assembly once more.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.AddControllers();
var app = builder.Build();
app.MapGet("/guests", (HttpContext context) =>
{
    var guests = new List<WeakReference>();
    for (var i = 0; i < 5; i++)
        guests.Add(Guest(context));
    for (var i = 0; i < 20 && guests.Exists(guest => guest.IsAlive); i++)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
    return $"{guests.Count(guest => guest.IsAlive)} of {guests.Count} guests are still there.";
});
app.Run();

[MethodImpl(MethodImplOptions.NoInlining)]
static WeakReference Guest(HttpContext context) // not async: a state machine would keep the last one
{
    var home = new AssemblyLoadContext("guest", isCollectible: true);
    var work = home.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location).GetType("Guests.Work", throwOnError: true)!.GetMethod("Do")!;
    ((Task)work.Invoke(null, [context])!).GetAwaiter().GetResult();
    home.Unload();
    return new WeakReference(home);
}
