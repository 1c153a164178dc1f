using Coravel;
using Coravel.Invocable;
using Coravel.Queuing.Interfaces;
using Coravel.Scheduling.Schedule;
using Coravel.Scheduling.Schedule.Interfaces;

namespace Guild;

/// <summary>Jobs of Coravel's that are queued, and some that are due in January, which the app can bring about.</summary>
static class CoravelJobs
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Configuration["Coravel:Queue:ConsummationDelay"] = "1";
        builder.Services.AddQueue();
        builder.Services.AddScheduler();
        builder.Services.AddTransient<Sweeper>();
        builder.Services.AddTransient<Baker>();
    }

    public static void Map(WebApplication app)
    {
        app.Services.UseScheduler(scheduler =>
        {
            scheduler.Schedule<Sweeper>().Cron("0 0 1 1 *");
            scheduler.Schedule(() => Work.Do("song")).Cron("0 0 2 1 *").When(() => Task.FromResult(true));
            scheduler.Schedule(() => Work.Do("nothing")).Cron("0 0 2 1 *").When(() => Task.FromResult(false));
        });
        app.MapGet("/coravel/queue", async (string name, IQueue queue) =>
        {
            queue.QueueInvocableWithPayload<Baker, string>(name);
            return await Work.Done(name);
        });
        app.MapGet("/coravel/task", async (string name, IQueue queue) =>
        {
            queue.QueueAsyncTask(async () =>
            {
                await Task.Yield();
                Work.Do(name);
            });
            return await Work.Done(name);
        });
        app.MapGet("/coravel/january", async (int day, string what, IScheduler scheduler) =>
        {
            await ((Scheduler)scheduler).RunAtAsync(new DateTime(2027, 1, day, 0, 0, 0, DateTimeKind.Utc));
            return await Work.Done(what);
        });
    }

    /// <summary>Sweeps the floor.</summary>
    public sealed class Sweeper : IInvocable
    {
        public Task Invoke()
        {
            Work.Do("floor");
            return Task.CompletedTask;
        }
    }

    /// <summary>Bakes what somebody wants.</summary>
    public sealed class Baker : IInvocable, IInvocableWithPayload<string>
    {
        public string Payload { get; set; } = "";

        public async Task Invoke()
        {
            await Task.Yield();
            Work.Do(Payload);
        }
    }
}
