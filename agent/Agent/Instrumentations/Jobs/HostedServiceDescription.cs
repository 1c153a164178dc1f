using System.Reflection;

namespace Agent.Instrumentations.Jobs;

/// <summary>What a span says of a call of a hosted service.</summary>
/// <param name="service">The service's type.</param>
/// <param name="method">What is called, as the contract names it.</param>
sealed class HostedServiceDescription(Type service, string method)
{
    /// <summary>«start OrderWorker».</summary>
    public string Name { get; } = $"{method[..^"Async".Length].ToLowerInvariant()} {CodeName.Simple(service)}";

    public KeyValuePair<string, object?>[] Tags { get; } = [new(Names.CodeFunction, $"{CodeName.Full(service)}.{method}")];

    /// <summary>A call that the host waits for before it has started.</summary>
    public bool IsOfStart { get; } = method is "StartingAsync" or "StartAsync" or "StartedAsync";

    /// <summary>StartingAsync and the like, which nearly all services have for the sake of one of them: a call that does not wait and does not fail is no news.</summary>
    public bool MayBeEmpty { get; } = method is not ("StartAsync" or "StopAsync" or "ExecuteAsync");

    /// <summary>Null for the framework's own services, and for a method that another one of the service's class calls as its base class's.</summary>
    public static HostedServiceDescription? Of(Type service, MethodBase method)
    {
        if (HostedServices.IsPlumbing(service))
            return null;
        foreach (var contract in HostedServices.ContractsOf(service))
        {
            var map = service.GetInterfaceMap(contract);
            for (var i = 0; i < map.TargetMethods.Length; i++)
            {
                if (map.TargetMethods[i].HasSameMetadataDefinitionAs(method))
                    return new HostedServiceDescription(service, map.InterfaceMethods[i].Name);
            }
        }
        return null;
    }
}
