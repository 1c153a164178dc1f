using System.Diagnostics;
using Agent.Instrumentations;

namespace Agent.Tracing;

/// <summary>
/// One trace for what happens before the app's host has started: migrations, caches that are filled, hosted services that are started. Its root is
/// never current in the app's code, where timers and loops that begin there would keep it as their parent for the life of the process; it becomes the
/// parent of spans that would be roots, before the samplers are asked. How and why: decision 40.
/// </summary>
static class Startup
{
    const string Name = "startup";

    /// <summary>What begins later is no start any more: a program that has the means for a host, but works without one.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    static readonly ActivitySource Source = new(Names.StartSource, AgentProcess.Version);

    static readonly Lock Gate = new();

    static ActivityListener? s_listener;
    static volatile Activity? s_root;
    static volatile bool s_isOver;

    /// <summary>Of the spans right below the root: whether there is one, and when the last of them that has ended did.</summary>
    static bool s_hasSpans;
    static DateTime s_lastEnd;

    /// <summary>What a span that belongs to the start, and has nothing around it, is to have as parent; nothing before and after.</summary>
    public static ActivityContext Context => s_root?.Context ?? default;

    /// <summary>
    /// To be called before any provider listens, so that samplers are asked afterwards; and only if methods can be patched, which is how the end of the
    /// start is seen. In a program that cannot have a host there is no start to be told from its work.
    /// </summary>
    public static void Listen(Settings settings)
    {
        if (!AppAssemblies.HaveHosting || !Switches.IsOn(settings, "STARTUP", "JOBS"))
            return;
        if (!Creation.CanSetParent)
        {
            Log.Debug("spans at the start of the app are traces of their own, because this System.Diagnostics.DiagnosticSource keeps what spans are made with in a way that is not known here");
            return;
        }
        var sources = new SourceNames(TracerProviderSetup.Sources(settings).Where(static name => name is not (Names.StartSource or Names.JobSource or Names.ServerSource)));
        s_listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Names.JobSource || IsHeard(source.Name),
            Sample = Adopt,
            ActivityStarted = static activity =>
            {
                if (IsBelow(activity))
                    s_hasSpans = true;
            },
            ActivityStopped = static activity =>
            {
                if (IsBelow(activity))
                    NoteEnd(activity.StartTimeUtc + activity.Duration);
            },
        };
        ActivitySource.AddActivityListener(s_listener);

        // The instrumentations of the app's own OpenTelemetry have names of this form.
        bool IsHeard(string name) => name.StartsWith("OpenTelemetry.Instrumentation.", StringComparison.Ordinal) || sources.Contain(name);
    }

    /// <summary>Begins the root, once a provider hears it. On a thread of the agent's, or where the current activity is put back.</summary>
    /// <param name="since">When the start has begun.</param>
    public static void Begin(DateTime since)
    {
        if (s_listener is null || s_isOver || s_root is not null)
            return;
        var current = Activity.Current;
        Activity.Current = null;
        var root = Source.StartActivity(Name, ActivityKind.Internal, parentContext: default, [new(Names.Kind, DispatchKind.Startup)], startTime: since);
        Activity.Current = current;
        if (root is { IdFormat: ActivityIdFormat.W3C })
            s_root = root;
    }

    /// <summary>The app's own provider is about to take over: what there was goes where the agent sends it. The rest of the start begins anew.</summary>
    public static void Interrupt() => EndRoot(null);

    /// <summary>A host has been started, or not.</summary>
    /// <param name="exception">What the call has thrown.</param>
    /// <param name="task">What it has returned.</param>
    public static void EndWith(Exception? exception, Task? task)
    {
        if (s_isOver)
            return;
        if (exception is not null || task is null or { IsCompleted: true })
            End(exception ?? DispatchSpan.ExceptionOf(task), hasHost: true);
        else // inside of its completion, before whoever awaits it, as every span
            task.ContinueWith(static ended => End(DispatchSpan.ExceptionOf(ended), hasHost: true), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The process ends, or nothing is patched any more; if no host has started by now, the start ends with the last span in it.</summary>
    /// <param name="exception">What ends the process.</param>
    /// <param name="exitCode">With what the process ends.</param>
    /// <param name="hasHost">Whether a host has started, or failed to.</param>
    public static void End(Exception? exception = null, int exitCode = 0, bool hasHost = false)
    {
        s_isOver = true;
        EndRoot(exception, exitCode, hasHost);
        s_listener?.Dispose(); // from now on nothing is asked, whatever the app does
    }

    static void EndRoot(Exception? exception, int exitCode = 0, bool hasHost = false)
    {
        Activity? root;
        lock (Gate)
            (root, s_root) = (s_root, null);
        if (root is null)
            return;
        var current = Activity.Current;
        try
        {
            if (!s_hasSpans)
                Unrecorded.Make(root);
            else if (exception is not null)
                DispatchSpan.Fail(root, exception);
            else if (exitCode != 0)
                root.SetTag(Names.ExitCode, exitCode).SetStatus(ActivityStatusCode.Error);
            if (!hasHost && exception is null && s_lastEnd != default)
                root.SetEndTime(s_lastEnd);
            root.Stop();
        }
        catch (Exception e)
        {
            Log.Error($"the span «{Name}» could not be ended: {e}");
        }
        finally
        {
            Activity.Current = current;
            (s_hasSpans, s_lastEnd) = (false, default);
        }
    }

    /// <summary>
    /// Makes the root the parent of a span that would have none. Not of what somebody else has asked for, requests and messages, nor of jobs. Asks for
    /// nothing itself: whether the span is recorded is for the samplers to say, which see the parent.
    /// </summary>
    public static ActivitySamplingResult Adopt(ref ActivityCreationOptions<ActivityContext> options)
    {
        if (s_root is not { } root || options.Parent != default || CurrentSpan.AroundRoots is not null || options.Kind is ActivityKind.Server or ActivityKind.Consumer
            || Libraries.WithSource(options.Source.Name) is { Family: "JOBS" } || options.Source.Name == Names.JobSource || BookkeepingSpans.Are(options.Name) || Bookkeeping.Is(options.Kind))
        {
            return ActivitySamplingResult.None;
        }
        if (DateTime.UtcNow - root.StartTimeUtc > Longest)
        {
            End();
            return ActivitySamplingResult.None;
        }
        Creation.SetParent(ref options, root.Context);
        return ActivitySamplingResult.None;
    }

    static bool IsBelow(Activity activity) => s_root is { } root && activity.ParentSpanId == root.SpanId;

    static void NoteEnd(DateTime end)
    {
        lock (Gate)
            s_lastEnd = end > s_lastEnd ? end : s_lastEnd;
    }
}
