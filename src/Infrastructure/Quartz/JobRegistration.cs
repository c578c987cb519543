using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

public static class JobRegistration
{
    /// <summary>Runs background jobs in this process. Several processes share the work: Quartz clusters over the database.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler => (scheduler.InstanceName, scheduler.IdleWaitTime) = ("AiPlatform", TimeSpan.FromSeconds(5)));
            quartz.UseDefaultThreadPool(8);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(postgres => postgres.UseRegisteredDataSource = true);
                store.ProvisionSchema();
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
                store.ConfigureStore(options => options.StoreJobDataAsStrings = true);
            });
            quartz.AddJob<PurgeJob>(job => job.WithIdentity(PurgeJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(PurgeJob.Key).WithIdentity(PurgeJob.Key.Name, PurgeJob.Key.Group).WithCronSchedule("0 17 * * * ?"));
            quartz.AddJob<ClearStoresJob>(job => job.WithIdentity(ClearStoresJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(ClearStoresJob.Key).WithIdentity(ClearStoresJob.Key.Name, ClearStoresJob.Key.Group).WithCronSchedule("0/30 * * * * ?"));
            // For what was left undone when the platform stopped.
            quartz.AddTrigger(trigger => trigger.ForJob(PurgeJob.Key).WithIdentity("purge-at-start", PurgeJob.Key.Group).StartAt(TimeProvider.System.GetUtcNow() + PurgeJob.Delay));
        });
        return services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
