using Quartz;

namespace Lookout;

/// <summary>Quartz' jobs in a database, with a cluster of one.</summary>
static class QuartzJobs
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Database database)
    {
        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(static scheduler => (scheduler.InstanceId, scheduler.IdleWaitTime) = ("lookout", TimeSpan.FromSeconds(1)));
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(database.Connection);
                store.UseSystemTextJsonSerializer();
                store.UseClustering(static cluster => cluster.CheckinInterval = TimeSpan.FromMilliseconds(200));
                store.ProvisionSchema();
            });
        });
        builder.Services.AddQuartzHostedService();
        return static app => app.MapGet("/job", async (string name, ISchedulerFactory schedulers) =>
        {
            var scheduler = await schedulers.GetScheduler();
            await scheduler.ScheduleJob(JobBuilder.Create<Job>().WithIdentity(name).UsingJobData("name", name).Build(), TriggerBuilder.Create().WithIdentity(name).StartNow().Build());
            return await Work.Done(name);
        });
    }

    /// <summary>One of the app's.</summary>
    public sealed class Job(Database database) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await Work.Do(context.MergedJobDataMap.GetString("name")!, database);
    }
}
