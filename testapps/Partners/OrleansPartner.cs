using System.Collections.Concurrent;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Partners;

/// <summary>Grains in a silo in this process, with streams and reminders in memory. The configuration has two ports, and «propagation» for a silo that propagates activities by itself.</summary>
static class OrleansPartner
{
    /// <summary>How often the silo has talked to itself.</summary>
    static readonly SemaphoreSlim OwnTalk = new(0);

    static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> Done = [];

    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Partners:Orleans"]?.Split(' ') is not [var port, var gateway, .. var rest])
            return;
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(int.Parse(port), int.Parse(gateway)).AddMemoryGrainStorage("PubSubStore").AddMemoryStreams("mail").UseInMemoryReminderService().Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(1));
            silo.AddOutgoingGrainCallFilter(context =>
            {
                if (context.InterfaceMethod.DeclaringType!.Namespace!.StartsWith("Orleans", StringComparison.Ordinal))
                    OwnTalk.Release();
                return context.Invoke();
            });
            if (rest.Contains("propagation"))
                silo.AddActivityPropagation();
        });
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Orleans"] is null)
            return;
        app.MapGet("/orleans", (string name, IGrainFactory grains) => grains.GetGrain<IClerk>(name).Write());
        app.MapGet("/orleans/unread", async (IGrainFactory grains) =>
        {
            try
            {
                return await grains.GetGrain<IClerk>("nobody").Write();
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        });
        app.MapGet("/orleans/stream", (string name, IServiceProvider services) => Wait(name, _ =>
            services.GetRequiredKeyedService<IStreamProvider>("mail").GetStream<string>(StreamId.Create("letters", name)).OnNextAsync(name)));
        app.MapGet("/orleans/timer", (string name, IGrainFactory grains) => Wait(name, _ => grains.GetGrain<IClerk>(name).WriteLater()));
        app.MapGet("/orleans/reminder", (string name, IGrainFactory grains) => Wait(name, _ => grains.GetGrain<IClerk>(name).Remind()));
        app.MapGet("/orleans/idle", async (int calls) =>
        {
            for (var i = 0; i < calls; i++)
                await OwnTalk.WaitAsync();
            return "idle";
        });
    }

    public static void Finish(string name, string letter) => Done[name].SetResult(letter);

    static async Task<string> Wait(string name, Func<string, Task> begin)
    {
        var done = Done[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await begin(name);
        return await done.Task;
    }
}

/// <summary>Writes letters.</summary>
public interface IClerk : IGrainWithStringKey
{
    Task<string> Write();

    Task WriteLater();

    Task Remind();
}

/// <summary>One of each name.</summary>
public sealed class Clerk(IGrainFactory grains) : Grain, IClerk, IRemindable
{
    public Task<string> Write() => Task.FromResult(this.GetPrimaryKeyString() is not "nobody" and var name ? $"Dear {name}" : throw new InvalidOperationException("Nobody reads letters."));

    public Task WriteLater()
    {
        this.RegisterGrainTimer(Tick, new() { DueTime = TimeSpan.FromMilliseconds(1), Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public Task Remind() => this.RegisterOrUpdateReminder("daily", TimeSpan.Zero, TimeSpan.FromSeconds(1));

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await this.UnregisterReminder((await this.GetReminder(reminderName))!);
        await Tick();
        throw new InvalidOperationException("Nobody likes to be reminded.");
    }

    async Task Tick() => OrleansPartner.Finish(this.GetPrimaryKeyString(), await grains.GetGrain<IClerk>("Ada").Write());
}

/// <summary>Reads letters that come.</summary>
public interface IReader : IGrainWithStringKey;

/// <summary>One for each stream.</summary>
[ImplicitStreamSubscription("letters")]
public sealed class Reader(IGrainFactory grains) : Grain, IReader, IStreamSubscriptionObserver, IAsyncObserver<string>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string>().ResumeAsync(this);

    public async Task OnNextAsync(string item, StreamSequenceToken? token = null) => OrleansPartner.Finish(item, await grains.GetGrain<IClerk>("Ada").Write());

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
