using Akka.Actor;
using Akka.Routing;
using Guild;

namespace Troupe;

/// <summary>An actor that has another one learn what it is asked, and answers.</summary>
static class AkkaActors
{
    public static void Map(WebApplication app)
    {
        var system = ActorSystem.Create("troupe", "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }");
        app.Lifetime.ApplicationStopping.Register(() => system.Terminate().GetAwaiter().GetResult());
        var players = new System.Collections.Concurrent.ConcurrentDictionary<string, IActorRef>();
        system.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(20), system.ActorOf(Props.Create(static () => new Counter())), Again, ActorRefs.NoSender);
        var understudy = system.ActorOf(Props.Create(static () => new Understudy()));
        app.MapGet("/akka/stash", async (string name) =>
        {
            understudy.Tell(new Cue(name));
            understudy.Tell(new Bow());
            return await Work.Done(name);
        });
        app.MapGet("/akka/router", async (string name) =>
        {
            var prompters = system.ActorOf(Props.Create(static () => new Prompter()).WithRouter(new RoundRobinPool(2)));
            prompters.Tell(new Cue(name)); // it is hardly there by now
            return await Work.Done(name);
        });
        app.MapGet("/akka/again", async (string name) =>
        {
            var count = system.ActorOf(Props.Create(static () => new Counter()));
            count.Tell(Again);
            count.Tell(Again);
            count.Tell(5);
            return $"{await count.Ask<int>(name, TimeSpan.FromSeconds(30))} {await count.GracefulStop(TimeSpan.FromSeconds(30))}";
        });
        app.MapGet("/akka", async (string name) =>
        {
            var player = players.GetOrAdd(name, _ => system.ActorOf(Props.Create(static () => new Player())));
            var answer = await player.Ask<string>(new Line(name), TimeSpan.FromSeconds(30));
            return $"{answer}, {await Work.Done(name)}";
        });
    }

    static readonly Bow Again = new();

    /// <summary>Says how much it has been told.</summary>
    sealed class Counter : ReceiveActor
    {
        int _count;

        public Counter()
        {
            Receive<Bow>(_ => _count++);
            Receive<int>(more => _count += more);
            Receive<string>(_ => Sender.Tell(_count));
        }
    }

    sealed class Player : ReceiveActor
    {
        public Player()
        {
            var prompter = Context.ActorOf(Props.Create(static () => new Prompter()));
            Receive<Line>(line =>
            {
                prompter.Tell(new Cue(line.Text));
                Sender.Tell($"Dear {line.Text}");
            });
        }
    }

    /// <summary>Cannot do anything before it is ready, and is told so only then.</summary>
    sealed class Understudy : ReceiveActor, IWithUnboundedStash
    {
        public Understudy()
        {
            Receive<Cue>(_ => Stash.Stash());
            Receive<Bow>(_ =>
            {
                Become(() => Receive<Cue>(static cue => Work.Do(cue.Text)));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    /// <summary>Waits before it does something.</summary>
    sealed class Prompter : ReceiveActor
    {
        public Prompter() => ReceiveAsync<Cue>(static async cue =>
        {
            await Task.Yield();
            Work.Do(cue.Text);
        });
    }
}

/// <summary>Something to be said.</summary>
public sealed record Line(string Text);

/// <summary>Something to be learnt.</summary>
public sealed record Cue(string Text);

/// <summary>At the end.</summary>
public sealed record Bow;
