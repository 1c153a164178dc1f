using Hangfire;
using Hangfire.InMemory;

namespace Errands;

/// <summary>A job that is queued and run by a server in this process; and one that fails.</summary>
static class HangfireErrand
{
    public static async Task<string> Run(string errand)
    {
        var storage = new InMemoryStorage();
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1, SchedulePollingInterval = TimeSpan.FromMilliseconds(100) }, storage);
        new BackgroundJobClient(storage).Enqueue(() => Execute(errand));
        return await Work.Of(errand).Done;
    }

    [AutomaticRetry(Attempts = 0)]
    public static async Task Execute(string errand)
    {
        await Task.Yield();
        Work.Of(errand).Do(errand);
        if (errand == "hopeless")
            throw new InvalidOperationException("Nobody can do that.");
    }
}
