using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace Agent.StartupHook;

/// <summary>
/// The agent's own world: its OpenTelemetry and its own assemblies come from its folder, whatever versions the app has
/// (OpenTelemetry's assembly version never changes, so sharing would silently mix versions). Everything else, above all
/// System.Diagnostics.DiagnosticSource and the framework, is the app's: a second copy would have an Activity.Current of its own.
/// </summary>
internal sealed class AgentLoadContext : AssemblyLoadContext
{
    readonly string _own;
    readonly string _fallback;

    AgentLoadContext(string folder) : base("Agent")
    {
        _own = Path.Combine(folder, "net10.0");
        // Microsoft.Extensions.* that OpenTelemetry needs, for processes that have none or older ones (console apps).
        _fallback = Path.Combine(_own, "fallback");
        Resolving += static (context, name) => ((AgentLoadContext)context).LoadFrom(((AgentLoadContext)context)._fallback, name);
    }

    public static void Start(string folder)
    {
        var agent = new AgentLoadContext(folder).LoadFromAssemblyName(new AssemblyName("Agent"));
        var start = agent.GetType("Agent.AgentProcess", throwOnError: true)!.GetMethod("Start", BindingFlags.Public | BindingFlags.Static)!;
        ((Action<string>)start.CreateDelegate(typeof(Action<string>)))(folder);
    }

    protected override Assembly? Load(AssemblyName assemblyName) => LoadFrom(_own, assemblyName);

    Assembly? LoadFrom(string folder, AssemblyName name)
    {
        var path = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
