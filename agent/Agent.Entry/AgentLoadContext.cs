using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace Agent.Entry;

/// <summary>
/// The agent's own world: its OpenTelemetry and its own assemblies come from its folder, whatever versions the app has
/// (OpenTelemetry's assembly version never changes, so sharing would silently mix versions). Everything else, above all
/// System.Diagnostics.DiagnosticSource and the framework, is the app's: a second copy would have an Activity.Current of its own.
/// </summary>
internal sealed class AgentLoadContext : AssemblyLoadContext
{
    /// <summary>Where the agent says whether the app sees its assemblies (a Func of bool); it does until something else is said.</summary>
    public const string AreVisible = "Agent.AreVisible";

    readonly string _compiled;
    readonly string _own;
    readonly string _fallback;

    /// <summary>What this context has not got and therefore asks the app's for, on this thread.</summary>
    [ThreadStatic]
    static string? t_asked;

    AgentLoadContext(string folder, string system) : base("Agent")
    {
        _own = Path.Combine(folder, "net10.0");
        _compiled = Path.Combine(_own, system);
        // Microsoft.Extensions.* that OpenTelemetry needs, for processes that have none or older ones (console apps).
        _fallback = Path.Combine(_own, "fallback");
        Resolving += static (context, name) => ((AgentLoadContext)context).LoadFrom(((AgentLoadContext)context)._fallback, name);
        Default.Resolving += (_, name) => name.Name != t_asked && IsVisible ? LoadOwn(name) ?? LoadFrom(_fallback, name) : null;
    }

    /// <summary>An app may load whatever the assemblies it sees refer to.</summary>
    static bool IsVisible => AppContext.GetData(AreVisible) is not Func<bool> areVisible || areVisible();

    /// <summary>Before Main.</summary>
    /// <param name="folder">Where the hook lies.</param>
    /// <param name="system">The name of the folders for this system.</param>
    public static void Start(string folder, string system) => Method<Action<string>>(folder, system, "Start")(folder);

    /// <summary>In a process that runs.</summary>
    /// <param name="folder">Where the hook lies.</param>
    /// <param name="system">The name of the folders for this system.</param>
    /// <param name="request">What is asked for.</param>
    /// <returns>The answer.</returns>
    public static string Attach(string folder, string system, string request) => Method<Func<string, string, string>>(folder, system, "Attach")(folder, request);

    static T Method<T>(string folder, string system, string name) where T : Delegate
    {
        var agent = new AgentLoadContext(folder, system).LoadFromAssemblyName(new AssemblyName("Agent"));
        return (T)agent.GetType("Agent.AgentProcess", throwOnError: true)!.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate(typeof(T));
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == "Agent.Entry")
            return typeof(AgentLoadContext).Assembly; // which lies there, too, and is there already
        var own = LoadOwn(assemblyName);
        if (own is null)
            t_asked = assemblyName.Name;
        return own;
    }

    /// <summary>Compiled ahead of time for this system; else, or where the folder is for all systems and has no such thing for this one, as IL.</summary>
    Assembly? LoadOwn(AssemblyName name) => LoadFrom(_compiled, name) ?? LoadFrom(_own, name);

    Assembly? LoadFrom(string folder, AssemblyName name)
    {
        var path = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
