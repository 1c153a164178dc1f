using System.Collections.Concurrent;
using Wolverine;
using Wolverine.ErrorHandling;

namespace Partners;

/// <summary>Messages to handlers in this process: one that is answered, and one that goes through a queue.</summary>
static class WolverinePartner
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> Read = new();

    static TaskCompletionSource<string> Of(string name) => Read.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Partners:Wolverine"] is not null)
            builder.Host.UseWolverine(static options => options.OnAnyException().MoveToErrorQueue());
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Wolverine"] is null)
            return;
        app.MapGet("/wolverine/invoke", async (string name, IMessageBus bus) =>
        {
            try
            {
                return await bus.InvokeAsync<string>(new WriteLetter(name));
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        });
        app.MapGet("/wolverine/publish", async (string name, IMessageBus bus) =>
        {
            await bus.PublishAsync(new ReadLetter(name));
            return await Of(name).Task.WaitAsync(TimeSpan.FromSeconds(30));
        });
    }

    internal static void HasRead(string name)
    {
        Of(name).TrySetResult($"{name} has read it");
        Check(name);
    }

    internal static string Check(string name) => name == "nobody" ? throw new InvalidOperationException("Nobody reads letters.") : name;
}

/// <summary>Is answered.</summary>
public sealed record WriteLetter(string Name);

/// <summary>Is not.</summary>
public sealed record ReadLetter(string Name);

/// <summary>Found by its name.</summary>
public static class LetterHandler
{
    public static string Handle(WriteLetter message) => $"Dear {WolverinePartner.Check(message.Name)}";

    public static void Handle(ReadLetter message) => WolverinePartner.HasRead(message.Name);
}
