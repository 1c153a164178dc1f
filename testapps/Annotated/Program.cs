// An app whose author has referenced Agent.Api, to say more in its traces.
using Agent.Api;

var app = WebApplication.Create(args);

app.Use(async (context, next) =>
{
    Tracing.Current.SetAttribute("shop.step", "pricing");
    await next(context);
});

app.MapGet("/", async () =>
{
    await Task.Yield();
    Tracing.Root.SetAttribute("user.id", "ada").AddEvent("discount granted", KeyValuePair.Create<string, object?>("percent", 10));
    return $"{Tracing.Enabled} {Tracing.Root.IsRecording} {Tracing.Root.TraceId.Length} {Tracing.Current.SpanId.Length}";
});

app.MapGet("/handled", () =>
{
    try
    {
        throw new TimeoutException("The warehouse does not answer.");
    }
    catch (TimeoutException e)
    {
        Tracing.Current.RecordException(e);
        return "later";
    }
});

// Outside of any request.
Console.WriteLine($"outside: {Tracing.Root.SetAttribute("lost", true).IsRecording}");

app.Run();
