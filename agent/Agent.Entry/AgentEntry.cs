using System;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Agent.Entry;

/// <summary>
/// Where the hook hands over: decides whether this process is traced, and starts the agent. An exception from here becomes one line on stderr, in the hook or, on other threads, here.
/// </summary>
public static class AgentEntry
{
    /// <summary>Before Main, or in a process that runs.</summary>
    /// <param name="folder">Where the hook lies, with everything else below.</param>
    /// <param name="system">The name of the folders for this system (<see cref="SystemFolder"/>).</param>
    public static void Enter(string folder, string system)
    {
        if (IsLate)
        {
            EnterLate(folder, system);
            return;
        }
        var isFirst = AppContext.GetData("Agent.Started") is null;
        AppDomain.CurrentDomain.SetData("Agent.Started", true);
        var decision = Decision.OfProcess(isFirst, Environment.GetEnvironmentVariable);
        if (decision.Reason.Length > 0)
            Say(decision.Reason);
        if (decision.Start)
            AgentLoadContext.Start(folder, system);
        else if (isFirst)
            HookSupport.Watch(Assembly.GetEntryAssembly()?.GetName().Name, Environment.GetCommandLineArgs(), Say);
    }

    /// <summary>
    /// Not on the main thread, before Main, but in a process that runs, on the thread that serves its diagnostics port (the command ApplyStartupHook). That is a background
    /// thread. The number of the main thread tells nothing: it is 1 on Linux, 2 under Wine.
    /// </summary>
    static bool IsLate => Thread.CurrentThread.IsBackground;

    /// <summary>
    /// Does what `agent` asks for and leaves an answer. Without a request, because somebody else has told the port to run the hook, it attaches, and returns at once: as long as this
    /// thread is here, the port serves nobody, and attaching the engine would need it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void EnterLate(string folder, string system)
    {
        var request = Environment.GetEnvironmentVariable(LateRequest.Variable);
        if (request is null)
        {
            new Thread(() => Complaining(() => Answer(folder, system, LateRequest.Attach))) { IsBackground = true, Name = "Agent late start" }.Start();
            return;
        }
        Environment.SetEnvironmentVariable(LateRequest.Variable, null);
        var answer = Complaining(() => Answer(folder, system, request));
        Environment.SetEnvironmentVariable(LateRequest.Variable, answer);
    }

    static string Answer(string folder, string system, string request)
    {
        if (AppContext.GetData(LateRequest.Listener) is Func<string, string> running)
            return running(request);
        if (LateRequest.Parse(request) is { Verb: LateRequest.Detach })
            return LateRequest.Already;
        var decision = Decision.OfProcess(isFirst: true, Environment.GetEnvironmentVariable);
        return decision.Start ? AgentLoadContext.Attach(folder, system, request) : LateRequest.Refused + " " + decision.Reason;
    }

    static string Complaining(Func<string> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            try
            {
                Say("not tracing this process: " + cause.GetType().Name + ": " + cause.Message.Replace('\n', ' '));
            }
            catch (Exception)
            {
                // stderr is closed (which is no IOException)
            }
            return LateRequest.Refused + " " + e.GetType().Name + ": " + e.Message.Replace('\n', ' ');
        }
    }

    static void Say(string sentence) => Console.Error.WriteLine("Agent " + typeof(AgentEntry).Assembly.GetName().Version!.ToString(3) + ": " + sentence);
}
