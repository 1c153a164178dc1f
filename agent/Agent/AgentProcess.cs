using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Diagnosis;
using Agent.Plugins;
using Agent.Propagation;
using Agent.Entry;
using Agent.Tracing;
using HarmonyLib;

namespace Agent;

/// <summary>The agent in this process. Started once, by the startup hook, before Main.</summary>
public static class AgentProcess
{
    /// <summary>The agent's own version.</summary>
    public static string Version { get; } = typeof(AgentProcess).Assembly.GetName().Version!.ToString(3);

    static readonly ManualResetEventSlim EngineDecided = new();
    static readonly List<Action> WaitingForEngine = [];
    static bool _isEngineThere;
    static Thread? _start;
    static int _isLate, _isFailureSaid;
    static Flush? _flush;

    /// <summary>
    /// Starts tracing. What takes time happens on a second thread, first the patch engine, then the tracer provider, while the app goes on
    /// into Main. It is waited for where it matters: the engine when the first assembly with something to patch is loaded
    /// (<see cref="IsEngineThere"/>), the provider at the first span (<see cref="WaitUntilTracing"/>). A process without ASP.NET Core may
    /// start spans at once and end at once; it waits here. So does one with plugins, which run before the app's code.
    /// </summary>
    /// <param name="folder">Where Agent.StartupHook.dll lies, with everything else below.</param>
    public static void Start(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        var settings = Settings.Current;
        Log.Start(settings);
        Attachment.Listen(folder);
        if (settings.HasFile && IsKeptOutByFile(settings))
            return;
        if (!settings.AreChildProcessesTraced)
            ChildProcesses.Exclude();
        SetUp(settings);
        Attachment.StartedWithApp();
        // Its constructor asks the app's listeners, of which there are none before Main. Afterwards they could make the agent's thread wait, and whoever uses the class.
        RuntimeHelpers.RunClassConstructor(typeof(Activity).TypeHandle);
        var isAwaited = !AppAssemblies.HaveAspNetCore || settings.HasPlugins;
        if (!isAwaited)
            EarlySpans.Listen(settings);
        _start = new Thread(() => StartSlowParts(folder, settings, started)) { IsBackground = true, Name = "Agent start" };
        _start.Start();
        try
        {
            InstrumentationList.Start();
        }
        catch (Exception e)
        {
            SayNotTracing(e);
        }
        if (isAwaited)
            WaitUntilTracing();
    }

    /// <summary>Starts or ends tracing in a process that runs.</summary>
    /// <param name="folder">Where Agent.StartupHook.dll lies, with everything else below.</param>
    /// <param name="request">What is asked for, a <see cref="LateRequest"/>.</param>
    /// <returns>The answer.</returns>
    public static string Attach(string folder, string request) => Attachment.Start(folder, request);

    /// <summary>What can be done before there is an engine or a provider, whenever the agent starts.</summary>
    internal static void SetUp(Settings settings)
    {
        foreach (var problem in settings.Problems)
            Log.Warn(problem);
        AgentStatus.Start(settings);
        if (!settings.HasUsualPropagators)
            ContextPropagator.Use(settings.Propagators);

        // The server span gets its standard attributes when it is created, where samplers see them (.NET 10: off unless asked for).
        IsServerDataSuppressed = AppContext.TryGetSwitch(SuppressServerData, out var isSuppressed) ? isSuppressed : Environment.Version.Major < 11;
        AppContext.SetSwitch(SuppressServerData, false);
        AzureSpans.SwitchOn(settings);
        GenerativeAiSpans.SwitchOn(settings);
        AppContext.SetData(Tracing, Version);
        AppContext.SetData("Agent.CurrentSpan", (Func<Activity?>)(static () => CurrentSpan.InnermostActivity));
        AppContext.SetData("Agent.RootSpan", (Func<Activity?>)(static () => CurrentSpan.Root));
        OwnAssemblies.Hide();
    }

    const string SuppressServerData = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", Tracing = "Agent.Tracing";

    /// <summary>In a process that runs, once the engine is attached: nobody waits for anything.</summary>
    internal static void InstallPatches()
    {
        DecideEngine(isThere: true);
        InstrumentationList.Start();
    }

    /// <summary>From now on spans are recorded.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">Where Agent.StartupHook.dll lies, with everything else below.</param>
    /// <param name="started">When the agent was started before Main, as a timestamp; null in a process that runs.</param>
    /// <returns>Where they go, as a sentence.</returns>
    internal static string BeginTracing(Settings settings, string folder, long? started = null)
    {
        var plugins = s_plugins ??= PluginList.Load(settings, folder, _isEngineThere);
        if (started is not null && _isEngineThere)
            Startup.Listen(settings);
        var provider = started is null && AppSdk.Join(settings) ? null : TracerProviderSetup.Build(settings, plugins);
        _flush = new Flush(provider, settings.FlushOnUnhandledException);
        if (started is { } timestamp)
        {
            Startup.Begin(DateTime.UtcNow - Stopwatch.GetElapsedTime(timestamp));
            EarlySpans.HeardBy(provider!);
        }
        SettingsWatch.Start(settings);
        var place = provider is null ? "traces go where the app's own OpenTelemetry sends them." : Exporters.Describe(settings);
        var problem = AgentStatus.EngineProblem is { Length: > 0 } engineProblem ? " " + engineProblem : "";
        Log.Info($"tracing {Assembly.GetEntryAssembly()?.GetName().Name} ({settings.EnvironmentName}), {place}{problem}{plugins.Describe()}{Untried(Environment.Version)}");
        return place;
    }

    static PluginList? s_plugins;
    /// <summary>Whether the framework's server spans have no standard attributes of their own where the agent is not.</summary>
    internal static bool IsServerDataSuppressed { get; private set; }

    /// <summary>From now on no spans are recorded. What there is, is sent.</summary>
    internal static void EndTracing()
    {
        SettingsWatch.Stop();
        Startup.End();
        Interlocked.Exchange(ref _flush, null)?.Detach();
        CurrentSpan.Stop();
        OwnListeners.End();
        ContextPropagator.Stop();
        AppContext.SetSwitch(SuppressServerData, IsServerDataSuppressed);
        AppContext.SetData(Tracing, null);
    }

    /// <summary>The hook has decided by the environment alone; what agent.json adds to it is decided here, by the same rules.</summary>
    static bool IsKeptOutByFile(Settings settings)
    {
        var decision = Decision.OfProcess(isFirst: true, settings.Raw);
        if (decision.Reason.Length > 0)
            Log.Info(decision.Reason);
        return !decision.Start;
    }

    /// <summary>Whether it is known by now if methods can be patched.</summary>
    public static bool IsEngineDecided => EngineDecided.IsSet;

    /// <summary>Whether methods can be patched. Waits until that is known, within <see cref="Patience"/>.</summary>
    /// <param name="whenDecided">Called on the agent's own thread once that is known, if it is not in time and the answer therefore false.</param>
    public static bool IsEngineThere(Action whenDecided)
    {
        if (!EngineDecided.IsSet && (_isLate != 0 || _start is null || !Patience.Wait(EngineDecided.Wait)))
        {
            lock (WaitingForEngine)
            {
                if (!EngineDecided.IsSet)
                {
                    WaitingForEngine.Add(whenDecided);
                    SayLate();
                    return false;
                }
            }
        }
        if (!_isEngineThere)
            WaitUntilTracing(); // without patches nothing else would, and the first requests would have no spans
        return _isEngineThere;
    }

    /// <summary>Returns when spans that are started from now on are recorded, or <see cref="Patience"/> is at its end. Cheap once that is so.</summary>
    /// <returns>Whether it is so.</returns>
    public static bool WaitUntilTracing()
    {
        var start = _start;
        if (start is null || start == Thread.CurrentThread) // a plugin may run a database command
            return true;
        if (_isLate != 0 ? start.IsAlive : !Patience.Wait(start.Join))
        {
            SayLate();
            return false;
        }
        _start = null; // afterwards, so that every thread waits that comes meanwhile
        return true;
    }

    /// <summary>From now on nobody waits any more.</summary>
    static void SayLate()
    {
        if (Interlocked.Exchange(ref _isLate, 1) == 0)
            Log.Warn("the app goes on without waiting for the agent, whose start has come to a stop (it may wait for a lock of the app); what happens until it is ready is not traced.");
    }

    /// <summary>Patches that could not wait are installed now, on this thread.</summary>
    static void DecideEngine(bool isThere)
    {
        Action[] waiting;
        lock (WaitingForEngine)
        {
            _isEngineThere = isThere;
            EngineDecided.Set();
            waiting = [.. WaitingForEngine];
            WaitingForEngine.Clear();
        }
        foreach (var action in waiting)
            action();
    }

    /// <summary>Whether the process is ending and the last spans have been sent.</summary>
    internal static bool HasEnded { get; set; }

    /// <summary>Whether the agent has ended because the app has its own tracing.</summary>
    public static bool HasStoodDown { get; private set; }

    /// <summary>The app's own tracer provider takes over from the agent's.</summary>
    /// <param name="standDown">Whether the agent is to end, too: nothing is patched any more.</param>
    internal static void HandOver(bool standDown)
    {
        if (standDown)
            Startup.End();
        _flush?.HandOver();
        if (!standDown || HasStoodDown)
            return;
        HasStoodDown = true;
        _isEngineThere = false;
        CurrentSpan.Stop();
        // On another thread: this one is inside a patch.
        ThreadPool.UnsafeQueueUserWorkItem(static _ =>
        {
            try
            {
                new Harmony("agent").UnpatchAll();
            }
            catch (HarmonyException e)
            {
                Log.Error($"the agent's patches could not be taken out: {e.Message}");
            }
        }, null);
    }

    /// <summary>Must load nothing that the app's own start could be loading while it waits for this thread, until the engine is decided.</summary>
    static void StartSlowParts(string folder, Settings settings, long started)
    {
        LoadedAssemblies.HoldBackOnThisThread();
        Patience.Start();
        try
        {
            AgentStatus.EngineProblem = AttachEngine(folder) is { } problem ? $"Only the framework's own spans, because {problem}." : null;
            Flush.HearSignals(); // while the app waits before its host can
            DecideEngine(isThere: AgentStatus.EngineProblem is null);
            var attached = Stopwatch.GetElapsedTime(started);
            BeginTracing(settings, folder, started);
            Log.Debug($"engine attached after {attached.TotalMilliseconds:0.0} ms, tracer provider there after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
        }
        catch (Exception e)
        {
            SayNotTracing(e);
        }
        finally
        {
            if (!EngineDecided.IsSet)
                DecideEngine(isThere: false);
            EarlySpans.End();
            StatusSource.Start();
        }
    }

    /// <summary>Once: a damaged file may fail on both threads.</summary>
    static void SayNotTracing(Exception e)
    {
        if (Interlocked.Exchange(ref _isFailureSaid, 1) == 0)
            Log.Error($"not tracing this process: {e.GetType().Name}: {e.Message}");
    }

    /// <summary>The newest version of .NET that the tests run on.</summary>
    const int NewestTried = 11;

    /// <summary>A sentence about a runtime that is newer; empty for the others. What has another shape there is not patched, and has a line of its own.</summary>
    internal static string Untried(Version runtime) => runtime.Major > NewestTried
        ? $" This is .NET {runtime.Major}; agent {Version} has been tried up to .NET {NewestTried}, so spans may be missing."
        : "";

    /// <summary>Null, or why methods cannot be patched.</summary>
    internal static string? AttachEngine(string folder)
    {
        if (s_isEngineAttached)
            return null;
        Harmony.Report = AgentStatus.Report;
        if (Log.Level == LogLevel.Debug)
            Harmony.Detail = Log.Debug;
        try
        {
            Harmony.Attach(NativePart.PathIn(folder, SystemFolder.Name));
            s_isEngineAttached = true;
            return null;
        }
        catch (HarmonyException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    static bool s_isEngineAttached;
}
