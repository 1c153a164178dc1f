using Quartz;

namespace Errands;

/// <summary>A job that is due at once; and one that fails.</summary>
static class QuartzErrand
{
    public static async Task<string> Run(string errand, ISchedulerFactory schedulers)
    {
        var scheduler = await schedulers.GetScheduler();
        await scheduler.ScheduleJob(
            JobBuilder.Create<Runner>().WithIdentity("run", "errands").UsingJobData("errand", errand).Build(),
            TriggerBuilder.Create().WithIdentity("now", "errands").StartNow().Build());
        return await Work.Of(errand).Done;
    }

    public sealed class Runner : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            var errand = context.MergedJobDataMap.GetString("errand")!;
            Work.Of(errand).Do(errand);
            if (errand == "hopeless")
                throw new InvalidOperationException("Nobody can do that.");
            return ValueTask.CompletedTask;
        }
    }
}
