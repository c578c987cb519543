using AiPlatform.Application.Knowledge.Evaluations;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

public static class JobRegistration
{
    private const int Jobs = 16;

    // Of one workspace, in one process.
    private const int EvaluationsAtOnce = 1;

    /// <summary>Runs background jobs in this process. Several processes share the work: Quartz clusters over the database.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddScoped<IEvaluationQueue, EvaluationQueue>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                (scheduler.InstanceName, scheduler.IdleWaitTime) = ("AiPlatform", TimeSpan.FromSeconds(5));
                // A process that stops asks its jobs to stop as well; those that can go on elsewhere are handed over.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs;
            });
            quartz.UseDefaultThreadPool(Jobs);
            quartz.UseExecutionLimits(limits => limits.ForGroupsWithPrefix(EvaluateJob.GroupPrefix, EvaluationsAtOnce, ExecutionLimitScope.Node));
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(postgres => postgres.UseRegisteredDataSource = true);
                store.ProvisionSchema();
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
                store.ConfigureStore(options =>
                    (options.StoreJobDataAsStrings, options.AcceptEnlistedTransactions, options.RecoverFiringsCancelledByShutdown) = (true, true, true));
            });
            quartz.AddJob<PurgeJob>(job => job.WithIdentity(PurgeJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(PurgeJob.Key).WithIdentity(PurgeJob.Key.Name, PurgeJob.Key.Group).WithCronSchedule("0 17 * * * ?"));
            quartz.AddJob<ClearStoresJob>(job => job.WithIdentity(ClearStoresJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(ClearStoresJob.Key).WithIdentity(ClearStoresJob.Key.Name, ClearStoresJob.Key.Group).WithCronSchedule("0/30 * * * * ?"));
            quartz.AddJob<ReviveEvaluationsJob>(job => job.WithIdentity(ReviveEvaluationsJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(ReviveEvaluationsJob.Key).WithIdentity(ReviveEvaluationsJob.Key.Name, ReviveEvaluationsJob.Key.Group).WithCronSchedule("45 * * * * ?"));
            quartz.AddJob<LexicalIndexJob>(job => job.WithIdentity(LexicalIndexJob.Key).StoreDurably().RequestRecovery());
            quartz.AddTrigger(trigger => trigger.ForJob(LexicalIndexJob.Key).WithIdentity(LexicalIndexJob.Key.Name, LexicalIndexJob.Key.Group).WithCronSchedule("5/10 * * * * ?"));
            // For what was left undone when the platform stopped.
            quartz.AddTrigger(trigger => trigger.ForJob(PurgeJob.Key).WithIdentity("purge-at-start", PurgeJob.Key.Group).StartAt(TimeProvider.System.GetUtcNow() + PurgeJob.Delay));
        });
        return services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}
