using Wolverine;

namespace Partners;

/// <summary>Messages to handlers in this process: one that is answered, and one that goes through a queue.</summary>
static class WolverinePartner
{
    static readonly TaskCompletionSource<string> Read = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Partners:Wolverine"] is not null)
            builder.Host.UseWolverine();
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Wolverine"] is null)
            return;
        app.MapGet("/wolverine/invoke", (string name, IMessageBus bus) => bus.InvokeAsync<string>(new WriteLetter(name)));
        app.MapGet("/wolverine/publish", async (string name, IMessageBus bus) =>
        {
            await bus.PublishAsync(new ReadLetter(name));
            return await Read.Task.WaitAsync(TimeSpan.FromSeconds(30));
        });
    }

    internal static void HasRead(string name) => Read.TrySetResult($"{name} has read it");
}

/// <summary>Is answered.</summary>
public sealed record WriteLetter(string Name);

/// <summary>Is not.</summary>
public sealed record ReadLetter(string Name);

/// <summary>Found by its name.</summary>
public static class LetterHandler
{
    public static string Handle(WriteLetter message) => $"Dear {message.Name}";

    public static void Handle(ReadLetter message) => WolverinePartner.HasRead(message.Name);
}
