using Guild;
using Proto;

namespace Troupe;

/// <summary>The same by Proto.Actor.</summary>
static class ProtoActors
{
    public static void Map(WebApplication app)
    {
        var system = new ActorSystem();
        var player = system.Root.Spawn(Props.FromProducer(static () => new Player()));
        app.Lifetime.ApplicationStopping.Register(() => system.ShutdownAsync().GetAwaiter().GetResult());
        app.MapGet("/proto", async (string name) => $"{await system.Root.RequestAsync<string>(player, new Line(name))}, {await Work.Done(name)}");
    }

    sealed class Player : IActor
    {
        PID? _prompter;

        public Task ReceiveAsync(IContext context)
        {
            switch (context.Message)
            {
                case Started:
                    _prompter = context.Spawn(Props.FromProducer(static () => new Prompter()));
                    break;
                case Line line:
                    context.Send(_prompter!, new Cue(line.Text));
                    context.Respond($"Dear {line.Text}");
                    break;
            }
            return Task.CompletedTask;
        }
    }

    sealed class Prompter : IActor
    {
        public async Task ReceiveAsync(IContext context)
        {
            if (context.Message is not Cue cue)
                return;
            await Task.Yield();
            context.ReenterAfter(Task.CompletedTask, () => Work.Do(cue.Text));
        }
    }
}
