using System.Collections.Concurrent;
using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>Patches the own methods of hosted services of the app and of packages, the first time that a type is seen.</summary>
static class HostedServices
{
    const string Contracts = "Microsoft.Extensions.Hosting.";

    static readonly Harmony Harmony = new("agent.services");
    static readonly ConcurrentDictionary<Type, bool> Seen = new();
    static readonly HashSet<MethodBase> Patched = [];
    static readonly Lock Gate = new();

    /// <summary>All new types at once: each request to the runtime stops all threads for a moment.</summary>
    public static void Install(IEnumerable<object> services)
    {
        var types = services.OfType<object>().Select(static service => service.GetType()).Where(static type => !Seen.ContainsKey(type)).ToHashSet();
        if (types.Count == 0)
            return;
        lock (Gate)
        {
            List<MethodBase> methods = [];
            foreach (var (_, target) in types.Where(static type => !IsPlumbing(type)).SelectMany(Calls))
            {
                // As the class has it that declares it: one target for all of that class's descendants.
                var method = MethodBase.GetMethodFromHandle(target.MethodHandle, target.DeclaringType!.TypeHandle)!;
                if (Patched.Add(method))
                    methods.Add(method);
            }
            PatchCalls.Install(Harmony, methods, typeof(HostedServiceCall), "a hosted service");
            foreach (var type in types)
                Seen[type] = true; // only now, so that another host waits for the patches
        }
    }

    /// <summary>Whether a host has such a service itself, and not only inside of another one.</summary>
    public static bool AreHosted(Type type) => Seen.ContainsKey(type);

    /// <summary>The framework's own, and the one that OpenTelemetry has to start itself.</summary>
    public static bool IsPlumbing(Type type) => type.Assembly.GetName().Name is { } name
        && (name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name.StartsWith("OpenTelemetry", StringComparison.Ordinal));

    /// <summary>What a host calls of a service: the name in the contract, and the method that it comes to.</summary>
    public static IEnumerable<(string Name, MethodInfo Target)> Calls(Type service)
    {
        foreach (var contract in service.GetInterfaces())
        {
            if (contract.FullName is not (Contracts + "IHostedService" or Contracts + "IHostedLifecycleService"))
                continue;
            var map = service.GetInterfaceMap(contract);
            for (var i = 0; i < map.InterfaceMethods.Length; i++)
                yield return (map.InterfaceMethods[i].Name, map.TargetMethods[i]);
        }
    }
}
