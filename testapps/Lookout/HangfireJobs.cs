using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Lookout;

/// <summary>Hangfire's jobs in a database, which a server in this process runs.</summary>
static class HangfireJobs
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Database database)
    {
        var often = TimeSpan.FromMilliseconds(100);
        builder.Services.AddHangfire(hangfire => hangfire.UseFilter(new Diary(database)).UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(database.Connection), new PostgreSqlStorageOptions
        {
            QueuePollInterval = often,
            JobExpirationCheckInterval = often,
            CountersAggregateInterval = often,
        }));
        builder.Services.AddHangfireServer(server =>
        {
            server.WorkerCount = 1;
            server.HeartbeatInterval = server.ServerCheckInterval = server.SchedulePollingInterval = server.CancellationCheckInterval = often;
        });
        builder.Services.AddTransient<Job>();
        builder.Services.AddSingleton<Inspector>().AddSingleton<IBackgroundProcess>(static services => services.GetRequiredService<Inspector>());
        return static app =>
        {
            app.MapGet("/job", async (string name, IBackgroundJobClient jobs) =>
            {
                jobs.Enqueue<Job>(job => job.Run(name));
                return await Work.Done(name);
            });
            app.MapGet("/note", static () => Work.Done("note"));
            app.MapGet("/inspect", (Inspector inspector) => inspector.Inspect());
        };
    }

    /// <summary>One of the app's.</summary>
    public sealed class Job(IServiceProvider services)
    {
        [AutomaticRetry(Attempts = 0)]
        public Task Run(string name) => Work.Do(name, services.GetRequiredService<Database>());
    }

    /// <summary>A filter of the app's, which hears of jobs that have failed.</summary>
    sealed class Diary(Database database) : IApplyStateFilter
    {
        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
            if (context.NewState is FailedState)
                Work.Do("note", database).GetAwaiter().GetResult();
        }

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) { }
    }

    /// <summary>A process of the app's, which the library's server runs beside its own.</summary>
    sealed class Inspector(Database database) : IBackgroundProcess, IDisposable
    {
        readonly SemaphoreSlim _wanted = new(0);

        public void Dispose() => _wanted.Dispose();

        public async Task<string> Inspect()
        {
            _wanted.Release();
            return await Work.Done("inspection");
        }

        public void Execute(BackgroundProcessContext context)
        {
            _wanted.Wait(context.StoppingToken);
            Work.Do("inspection", database).GetAwaiter().GetResult();
        }
    }
}
