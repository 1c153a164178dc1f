using System.Reflection;
using Agent.Instrumentations.Data;
using HarmonyLib;

namespace Agent;

/// <summary>The list of instrumentations. Those of ASP.NET Core are in an assembly of their own that is loaded when the framework is.</summary>
static class InstrumentationList
{
    static readonly Type[] Patches =
    [
        typeof(SqliteCommandPatch),
    ];

    static readonly Harmony Harmony = new("agent");

    static int _isAspNetCoreStarted;

    /// <param name="isEngineThere">False: only what works without patches is started.</param>
    public static void Start(bool isEngineThere)
    {
        if (isEngineThere)
            Harmony.PatchWhenLoaded(Patches);
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => StartAspNetCore(loaded.LoadedAssembly, isEngineThere);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            StartAspNetCore(assembly, isEngineThere);
    }

    /// <summary>Runs inside the app's own assembly load, before any code of ASP.NET Core: whatever happens must not become the app's failure.</summary>
    static void StartAspNetCore(Assembly assembly, bool isEngineThere)
    {
        if (assembly.FullName?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true || Interlocked.Exchange(ref _isAspNetCoreStarted, 1) != 0)
            return;
        try
        {
            var instrumentations = Assembly.Load("Agent.AspNetCore").GetType("Agent.AspNetCore.AspNetCoreInstrumentations", throwOnError: true)!;
            var start = instrumentations.GetMethod("Start", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action<bool>>();
            start(isEngineThere);
        }
        catch (Exception e)
        {
            Log.Error($"the instrumentations of ASP.NET Core stay off: {e}");
        }
    }
}
