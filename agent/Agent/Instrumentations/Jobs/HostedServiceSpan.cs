using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// An internal span of a hosted service's work. It is made when the work has ended, with the time of its beginning, and so is never current in
/// the service's code: timers, loops and queues that begin there would keep it as their parent for the life of the process.
/// </summary>
sealed class HostedServiceSpan
{
    static readonly ActivitySource Source = new(Names.JobSource, AgentProcess.Version);

    /// <summary>What has not been recorded yet, by the task that it waits for, which is not kept alive.</summary>
    static readonly ConditionalWeakTable<Task, HostedServiceSpan> Waiting = [];

    readonly HostedServiceDescription _description;
    readonly ActivityContext? _parent;
    readonly DateTime _began = DateTime.UtcNow;

    /// <summary>Of a runtime-async method that may be no news.</summary>
    readonly Suspension? _suspension;

    HostedServiceSpan(HostedServiceDescription description, ActivityContext? parent, bool isRuntimeAsync)
    {
        (_description, _parent) = (description, parent);
        if (isRuntimeAsync && description.MayBeEmpty)
            _suspension = Suspension.Watch();
    }

    /// <summary>Null if it would not be recorded. Without a span around, which there is if a request starts a host, a start is a part of the app's, and all else a trace of its own.</summary>
    /// <param name="description">What it is called.</param>
    /// <param name="isRuntimeAsync">Whether the call is of a runtime-async method, and this is inside of it.</param>
    public static HostedServiceSpan? Begin(HostedServiceDescription description, bool isRuntimeAsync = false) =>
        CurrentSpan.IsRecorded == false ? null : new HostedServiceSpan(description, CurrentSpan.Context, isRuntimeAsync);

    /// <summary>To be called when the call has returned or thrown.</summary>
    /// <param name="exception">What it has thrown.</param>
    /// <param name="task">The task it has returned.</param>
    public void End(Exception? exception, Task? task)
    {
        if (exception is null && task is { IsCompleted: false })
            EndWith(task, static _ => true);
        else if ((exception ?? DispatchSpan.ExceptionOf(task)) is var failure && (failure is not null || !_description.MayBeEmpty || HasWaited(task)))
            Record(failure);
    }

    /// <summary>A method that has not waited returns the task that is always there.</summary>
    bool HasWaited(Task? task) => _suspension?.HasHappened ?? task != Task.CompletedTask;

    /// <summary>Records the span inside the completion of a task, before whoever awaits it.</summary>
    /// <param name="task">The app's own, which stays as it is.</param>
    /// <param name="isNews">Asked at its end whether there is something to record, with the exception if there is one.</param>
    public void EndWith(Task task, Func<Exception?, bool> isNews)
    {
        Waiting.TryAdd(task, this);
        task.ContinueWith(ended =>
        {
            var exception = DispatchSpan.ExceptionOf(ended);
            if (isNews(exception))
                Record(exception);
            Waiting.Remove(ended);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// To be called before the last spans are sent: whoever waits for a service may see that its task has completed before the completing thread has
    /// recorded that, and be at the end of the process by now.
    /// </summary>
    /// <returns>Whether everything that has completed is recorded.</returns>
    public static bool WaitForEnds(TimeSpan atMost) => SpinWait.SpinUntil(static () => !Waiting.Any(static waiting => waiting.Key.IsCompleted), atMost);

    void Record(Exception? exception)
    {
        var current = Activity.Current;
        try
        {
            AgentProcess.WaitUntilTracing();
            Activity.Current = null; // or it would be the parent where none is given
            var parent = _parent ?? (_description.IsOfStart ? Startup.Context : default);
            using var activity = Source.StartActivity(_description.Name, ActivityKind.Internal, parent, _description.Tags, links: null, _began);
            if (activity is not null && exception is not null)
                DispatchSpan.Fail(activity, exception);
        }
        catch (Exception e)
        {
            Log.Error($"no span «{_description.Name}»: {e}");
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
