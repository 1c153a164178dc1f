using System.Diagnostics;
using Agent.Diagnosis;
using Agent.Instrumentations;
using Agent.Plugins;
using Agent.Propagation;
using Agent.Entry;
using Agent.Tracing;
using HarmonyLib;

namespace Agent;

/// <summary>
/// Tracing on and off in a process that runs (`agent attach`, `agent detach`; decision 43). Everything happens on a thread of the agent's own; whoever asks waits for it. The engine
/// stays attached and what has been found out about the app is kept, so that attaching again is only one request to the runtime and a new provider.
/// </summary>
static class Attachment
{
    /// <summary>The longest that who asks waits.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    static readonly Lock Gate = new();
    static readonly List<Action> WhenOff = [], WhenOnAgain = [];

    static string s_folder = "";
    static bool s_isOn, s_hasPatches, s_isPutBack;
    static Timer? s_end;

    /// <summary>Whether there is tracing in this process, or there was and is to be again.</summary>
    public static bool IsOn => s_isOn;

    /// <summary>Whether the agent was attached to an app that ran already; before its first code it is there from the beginning.</summary>
    public static bool IsLate { get; private set; }

    /// <summary>Requests are heard from now on.</summary>
    public static void Listen(string folder)
    {
        s_folder = folder;
        AppContext.SetData(LateRequest.Listener, (Func<string, string>)Ask);
    }

    /// <summary>Whether the agent has been started before Main, so that everything the app builds is built with it, as long as it is attached.</summary>
    public static bool IsFromStart { get; private set; }

    /// <summary>The agent has been started before Main.</summary>
    public static void StartedWithApp() => s_isOn = s_hasPatches = IsFromStart = true;

    /// <summary>The first time in a process that was started without the agent.</summary>
    public static string Start(string folder, string request)
    {
        Listen(folder);
        return Ask(request);
    }

    /// <summary>To be done once the agent is detached, on its thread: what else has been changed is put back. At once, if it is detached already: a patch may be late.</summary>
    /// <param name="action">Puts it back.</param>
    /// <param name="again">Changes it again, at the next attach; null if that is found out again.</param>
    public static void Undo(Action action, Action? again = null)
    {
        lock (WhenOff)
        {
            if (again is not null)
                WhenOnAgain.Add(again);
            if (!s_isPutBack)
            {
                WhenOff.Add(action);
                return;
            }
        }
        action();
    }

    /// <summary>Does what is asked for, and answers (<see cref="LateRequest"/>).</summary>
    static string Ask(string text)
    {
        var request = LateRequest.Parse(text);
        var answer = $"{LateRequest.Refused} it takes longer than {Longest.TotalSeconds} s";
        var thread = new Thread(() => answer = Do(request)) { IsBackground = true, Name = "Agent start" };
        thread.Start();
        thread.Join(Longest);
        return answer;
    }

    static string Do(LateRequest request)
    {
        LoadedAssemblies.HoldBackOnThisThread();
        lock (Gate)
        {
            try
            {
                return request.Verb switch
                {
                    LateRequest.Attach => s_isOn ? LateRequest.Already : Attach(request),
                    LateRequest.Detach => s_isOn ? Detach() : LateRequest.Already,
                    _ => $"{LateRequest.Refused} agent {AgentProcess.Version} in this process does not know «{request.Verb}»",
                };
            }
            catch (Exception e)
            {
                Log.Error($"{request.Verb}: {e}");
                return $"{LateRequest.Refused} {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
            }
        }
    }

    static string Attach(LateRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var settings = Settings.Attach(request.Settings);
        Log.Start(settings);
        if (Decision.OfProcess(isFirst: true, settings.Raw) is { Start: false, Reason: var reason })
            return $"{LateRequest.Refused} {reason}";
        if (settings.AppSdk == AppSdkMode.StandDown && AppProviders.Find().Count > 0)
            return $"{LateRequest.Refused} the app has an OpenTelemetry of its own (AGENT_APP_SDK=stand-down).";
        if (AgentProcess.AttachEngine(s_folder) is { } problem)
            return $"{LateRequest.Refused} {problem}.";
        AgentStatus.EngineProblem = null;
        IsLate = true;
        OpenTraces.Reset();
        AgentProcess.SetUp(settings);
        foreach (var action in TakeAgain())
            action();
        if (s_hasPatches)
            Resume();
        else
            AgentProcess.InstallPatches();
        s_hasPatches = true;
        var attached = Stopwatch.GetElapsedTime(started);
        s_isOn = true;
        // One that is attached to a host is not heard after it, and ends by ProcessExit.
        if (!AppAssemblies.HaveHosting)
            Flush.HearSignals();
        var place = AgentProcess.BeginTracing(settings, s_folder);
        StatusSource.Start();
        if (request.Duration is { } duration)
            s_end = new Timer(static _ => Ask(LateRequest.Detach), null, duration, Timeout.InfiniteTimeSpan);
        Log.Debug($"patched after {attached.TotalMilliseconds:0.0} ms, tracing after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
        return $"{LateRequest.Done} {place}";
    }

    static void Resume()
    {
        foreach (var (_, reason) in Harmony.Resume())
            AgentStatus.Report(reason);
    }

    static string Detach()
    {
        s_end?.Dispose();
        s_end = null;
        if (IsLate && RequestSampler.Current is { } sampler)
        {
            sampler.Close();
            OpenTraces.WaitForEnds();
        }
        foreach (var (_, reason) in Harmony.Suspend())
            AgentStatus.Report(reason);
        foreach (var action in TakeUndos()) // afterwards: the patches would find it out again
            action();
        AgentProcess.EndTracing();
        s_isOn = false;
        Log.Info("detached: this process is not traced any more.");
        AgentStatus.Stop();
        return LateRequest.Done;
    }

    static Action[] TakeAgain()
    {
        lock (WhenOff)
        {
            Action[] all = [.. WhenOnAgain];
            WhenOnAgain.Clear();
            s_isPutBack = false;
            return all;
        }
    }

    static Action[] TakeUndos()
    {
        lock (WhenOff)
        {
            Action[] all = [.. WhenOff];
            WhenOff.Clear();
            s_isPutBack = true;
            Array.Reverse(all); // what was changed twice becomes again what it was first
            return all;
        }
    }
}
