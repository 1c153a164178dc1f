using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Agent.Entry;
using HarmonyLib;

namespace Agent;

/// <summary>
/// Keeps the agent's assemblies out of what the app sees. While it sees them, because the engine is not attached yet, or cannot be, it can load whatever they
/// refer to (<see cref="AgentLoadContext"/>): an app that scans its assemblies does that.
/// </summary>
static class OwnAssemblies
{
    /// <summary>How long an app may go on with a list that it got before its assemblies were hidden.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    static readonly AssemblyLoadContext Context = AssemblyLoadContext.GetLoadContext(typeof(OwnAssemblies).Assembly)!;

    public static void Hide()
    {
        if (Context == AssemblyLoadContext.Default)
            return; // a test
        LoadedAssemblies.Hide(Context);
        foreach (var hook in Array.FindAll(AppDomain.CurrentDomain.GetAssemblies(), static assembly => assembly.GetName().Name is Hooks.Name or Hooks.NameInPackage))
            LoadedAssemblies.Hide(hook);
        LoadedAssemblies.Hide(typeof(AgentLoadContext).Assembly);
        AppContext.SetData(AgentLoadContext.AreVisible, (Func<bool>)AreVisible);
    }

    static bool AreVisible() => LoadedAssemblies.HiddenSince is not { } since || Stopwatch.GetElapsedTime(since) < Grace;
}
