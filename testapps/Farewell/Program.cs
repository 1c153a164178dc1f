// A web app that ends in the middle of a request, each path in another way.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/hello", () => "hello");
app.MapGet("/exit", () => Environment.Exit(9));
app.MapGet("/fail-fast", () => Environment.FailFast("The lights are out."));
app.MapGet("/throw", async () =>
{
    new Thread(() => throw new InvalidOperationException("The door is shut.")).Start();
    await Task.Delay(Timeout.Infinite);
});
app.MapGet("/stop", (IHostApplicationLifetime lifetime) =>
{
    lifetime.StopApplication();
    return "goodbye";
});
app.MapGet("/until-stopped", async (IHostApplicationLifetime lifetime, HttpResponse response) =>
{
    await response.Body.FlushAsync();
    var stopping = new TaskCompletionSource();
    using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
    await stopping.Task;
    await response.WriteAsync("goodbye");
});
app.Run();
Console.WriteLine("gone");
Environment.ExitCode = 5;
