using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using Agent.StartupHook;

/// <summary>
/// Where the runtime enters, before Main and on its thread (dotnet/runtime, docs/design/features/host-startup-hook.md: the type must have
/// this name and no namespace). An exception from here would end the app, so none leaves; each becomes one line on stderr.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        try
        {
            Run();
        }
        catch (Exception e)
        {
            // Also what the JIT throws when Run cannot be compiled: that is why Run is a method of its own.
            Complain(e);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Run()
    {
        if (IsLate)
        {
            RunLate();
            return;
        }
        var isFirst = AppContext.GetData("Agent.Started") is null;
        AppDomain.CurrentDomain.SetData("Agent.Started", true);
        var decision = Decision.OfProcess(isFirst, Environment.GetEnvironmentVariable);
        if (decision.Reason.Length > 0)
            Say(decision.Reason);
        if (decision.Start)
            AgentLoadContext.Start(Folder);
        else if (isFirst)
            HookSupport.Watch(Assembly.GetEntryAssembly()?.GetName().Name, Environment.GetCommandLineArgs(), Say);
    }

    /// <summary>Not on the main thread, before Main, but in a process that runs, on the thread that serves its diagnostics port (the command ApplyStartupHook).</summary>
    static bool IsLate => Environment.CurrentManagedThreadId != 1;

    /// <summary>
    /// Does what `agent` asks for and leaves an answer. Without a request, because somebody else has told the port to run the hook, it attaches, and returns at once: as long as this
    /// thread is here, the port serves nobody, and attaching the engine would need it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void RunLate()
    {
        var request = Environment.GetEnvironmentVariable(LateRequest.Variable);
        if (request is null)
        {
            new Thread(static () => Complaining(() => Answer(LateRequest.Attach))) { IsBackground = true, Name = "Agent late start" }.Start();
            return;
        }
        Environment.SetEnvironmentVariable(LateRequest.Variable, null);
        var answer = Complaining(() => Answer(request));
        Environment.SetEnvironmentVariable(LateRequest.Variable, answer);
    }

    static string Answer(string request)
    {
        if (AppContext.GetData(LateRequest.Listener) is Func<string, string> running)
            return running(request);
        if (LateRequest.Parse(request) is { Verb: LateRequest.Detach })
            return LateRequest.Already;
        var decision = Decision.OfProcess(isFirst: true, Environment.GetEnvironmentVariable);
        return decision.Start ? AgentLoadContext.Attach(Folder, request) : LateRequest.Refused + " " + decision.Reason;
    }

    static string Complaining(Func<string> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception e)
        {
            Complain(e);
            return LateRequest.Refused + " " + e.GetType().Name + ": " + e.Message.Replace('\n', ' ');
        }
    }

    static void Say(string sentence) => Console.Error.WriteLine("Agent " + Version + ": " + sentence);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Complain(Exception e)
    {
        try
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            Console.Error.WriteLine("Agent " + Version + ": not tracing this process: " + cause.GetType().Name + ": " + cause.Message.Replace('\n', ' '));
        }
        catch (Exception)
        {
            // stderr is closed (which is no IOException): there is nobody left to tell
        }
    }

    static string Version => typeof(StartupHook).Assembly.GetName().Version!.ToString(3);

    /// <summary>Where the agent's other files are: beside this one, or, if an app brings it as its own assembly (the package; in a single file it has no place), below the app.</summary>
    static string Folder
    {
        get
        {
            var beside = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location);
            return beside is { Length: > 0 } && Directory.Exists(Path.Combine(beside, "net10.0")) ? beside : Path.Combine(AppContext.BaseDirectory, "agent");
        }
    }
}
