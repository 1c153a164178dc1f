using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

/// <summary>
/// Where the runtime enters, before Main and on its thread (dotnet/runtime, docs/design/features/host-startup-hook.md: the type must have
/// this name and no namespace). An exception from here would end the app, so none leaves; each becomes one line on stderr.
/// A runtime refuses a file that is compiled for another system, and ends the app because of it. So this one holds nothing but IL, and as little of it as can be,
/// because it is compiled anew at every start: it chooses the assembly that decides (Agent.Entry), which is compiled ahead of time, and hands over.
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
        var folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location);
        // An app that brings the agent as a package has this as one of its own assemblies (build/package), which in a single file is nowhere.
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(Path.Combine(folder, "net10.0")))
            folder = Path.Combine(AppContext.BaseDirectory, "agent");
        var system = SystemFolder.Name;
        var assemblies = Path.Combine(folder, "net10.0");
        var path = Path.Combine(assemblies, system, "Agent.Entry.dll");
        if (!File.Exists(path))
            path = Path.Combine(assemblies, "Agent.Entry.dll"); // IL, where the folder is for every system
        if (!File.Exists(path))
        {
            SayNotTracing("its folder " + folder + " has nothing for " + system + " (" + path + " is missing).");
            return;
        }
        Assembly assembly;
        try
        {
            assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
        catch (FileLoadException) when (AppContext.GetData("Agent.Started") != null)
        {
            // The variable names one build and the app brings another. The runtime has room for one Agent.Entry.
            Say("already started in this process, as another build; the hook is named twice, in DOTNET_STARTUP_HOOKS and in the app's runtimeconfig.json.");
            return;
        }
        var entry = assembly.GetType("Agent.Entry.AgentEntry", throwOnError: true)!.GetMethod("Enter")!;
        ((Action<string, string>)entry.CreateDelegate(typeof(Action<string, string>)))(folder, system);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Complain(Exception e)
    {
        try
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            SayNotTracing(cause.GetType().Name + ": " + cause.Message.Replace('\n', ' '));
        }
        catch (Exception)
        {
            // stderr is closed (which is no IOException): there is nobody left to tell
        }
    }

    static void SayNotTracing(string reason)
    {
        if (Environment.GetEnvironmentVariable("AGENT_REQUEST") != null) // of `agent attach`, which waits for an answer there
            Environment.SetEnvironmentVariable("AGENT_REQUEST", "refused " + reason);
        Say("not tracing this process: " + reason);
    }

    static void Say(string sentence) => Console.Error.WriteLine("Agent " + typeof(StartupHook).Assembly.GetName().Version!.ToString(3) + ": " + sentence);
}
