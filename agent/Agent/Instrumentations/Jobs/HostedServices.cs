using System.Reflection;
using Agent.Tracing;
using HarmonyLib;

namespace Agent.Instrumentations.Jobs;

/// <summary>Patches the own methods of hosted services of the app and of packages, the first time that a type is seen.</summary>
static class HostedServices
{
    const string Contracts = "Microsoft.Extensions.Hosting.";

    static readonly Harmony Harmony = new("agent.services");
    static readonly TypeSet Seen = new();
    static readonly Lock Gate = new();

    /// <summary>All new types at once: each request to the runtime stops all threads for a moment.</summary>
    public static void Install(IEnumerable<object> services)
    {
        List<Type>? types = null;
        foreach (var service in services)
        {
            if (service?.GetType() is { } type && !Seen.Contains(type))
                (types ??= []).Add(type);
        }
        if (types is null)
            return;
        lock (Gate)
        {
            var methods = types.Where(static type => !Seen.Contains(type) && !IsPlumbing(type))
                .SelectMany(static type => ContractsOf(type).SelectMany(contract => type.GetInterfaceMap(contract).TargetMethods));
            PatchCalls.Install(Harmony, methods, typeof(HostedServiceCall), "a hosted service");
            foreach (var type in types)
                Seen.Add(type); // only now, so that another host waits for the patches
        }
    }

    /// <summary>Whether a host has such a service itself, and not only inside of another one.</summary>
    public static bool AreHosted(Type type) => Seen.Contains(type);

    /// <summary>The framework's own, and those by which telemetry of the app's is started.</summary>
    public static bool IsPlumbing(Type type) => type.Assembly.GetName().Name is { } name
        && (name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name.StartsWith("OpenTelemetry", StringComparison.Ordinal) || TelemetryClient.Owns(name));

    /// <summary>The interfaces by which a host calls a service.</summary>
    public static Type[] ContractsOf(Type service) =>
        Array.FindAll(service.GetInterfaces(), static contract => contract.FullName is Contracts + "IHostedService" or Contracts + "IHostedLifecycleService");
}
