using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
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

    static string Folder => Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
}
