// An app with every kind of handler, whose author writes a note on the spans around each of them.
using Notebook;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllersWithViews();
builder.Services.AddRazorPages();
builder.Services.AddSignalR();
builder.Services.AddProblemDetails();
builder.Services.AddExceptionHandler<NoteExceptionHandler>();
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://friend.example")));
using var durations = new Durations();

var app = builder.Build();
app.UseExceptionHandler();
app.UseCors();
app.Use(async (context, next) =>
{
    Notes.Write("middleware");
    await next(context);
    Notes.Write("middleware, after the next");
});
app.MapControllers();
app.MapRazorPages();
app.MapHub<NoteHub>("/hub");
app.MapGet("/minimal", async () =>
{
    await Task.Yield();
    return Notes.Write("minimal handler");
});
app.MapGet("/filtered", () => Notes.Write("handler behind a filter")).AddEndpointFilter(async (context, next) =>
{
    await Task.Yield();
    Notes.Write("endpoint filter");
    return await next(context);
});
app.MapGet("/broken", string () => throw new InvalidOperationException("The pencil is broken."));
app.MapGet("/missing/{page}", (string page) => Results.NotFound(page));
app.MapGet("/press", () => News.Break());
app.MapGet("/endless", () => News.Wait());
app.MapGet("/pour", async (HttpContext context) =>
{
    await context.Response.WriteAsync("ink");
    await context.Response.Body.FlushAsync();
    await Task.Delay(Timeout.Infinite, context.RequestAborted);
});
app.MapPost("/inbox", async (HttpRequest request) => (await new StreamReader(request.Body).ReadToEndAsync()).Length);
app.MapGet("/durations", () => durations.Measured);
app.Run();
