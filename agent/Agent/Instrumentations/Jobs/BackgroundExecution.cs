using System.Runtime.CompilerServices;

namespace Agent.Instrumentations.Jobs;

/// <summary>
/// The ExecuteAsync of a background service. It has a span if it ends while its host goes on, or fails: one that goes on until the host stops has
/// nothing to tell by its length.
/// </summary>
static class BackgroundExecution
{
    const string Service = "Microsoft.Extensions.Hosting.BackgroundService, Microsoft.Extensions.Hosting.Abstractions";

    /// <param name="service">A BackgroundService that has just been started.</param>
    /// <param name="lifetime">Its host's ApplicationLifetime.</param>
    public static void Watch(object service, object lifetime)
    {
        // No task: it overrides StartAsync and does not call the base class's.
        if (HostedServices.IsPlumbing(service.GetType()) || Task(service) is not { } task || HostedServiceSpan.Begin(new HostedServiceDescription(service.GetType(), "ExecuteAsync")) is not { } span)
            return;
        span.EndWith(task, exception => exception is not null and not OperationCanceledException || !IsStopped(service, lifetime));
    }

    /// <summary>By its host, by whoever disposes of that without stopping it, or by the app itself.</summary>
    static bool IsStopped(object service, object lifetime) => Stopping(lifetime).IsCancellationRequested || StopSource(service) is { IsCancellationRequested: true };

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExecuteTask")]
    static extern Task? Task([UnsafeAccessorType(Service)] object service);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stoppingCts")]
    static extern ref CancellationTokenSource? StopSource([UnsafeAccessorType(Service)] object service);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ApplicationStopping")]
    static extern CancellationToken Stopping([UnsafeAccessorType("Microsoft.Extensions.Hosting.Internal.ApplicationLifetime, Microsoft.Extensions.Hosting")] object lifetime);
}
