using System.Reflection;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// What the app has written where a framework stands on top of endpoints: to ASP.NET Core all of its endpoints are one and the same method, which
/// dispatches to the app's. Their metadata has it; read by name, once for each endpoint.
/// </summary>
static class DispatchedHandler
{
    /// <summary>«MyShop.GetOrder.HandleAsync»; null where the endpoint's own method is the handler.</summary>
    public static string? NameOf(IEnumerable<object> metadata)
    {
        foreach (var item in metadata)
        {
            var name = item.GetType().FullName switch
            {
                "FastEndpoints.EndpointDefinition" => OfFastEndpoint(Property<Type>(item, "EndpointType")),
                "Wolverine.Http.HttpChain" => OfWolverineCall(Property<object>(item, "Method")),
                _ => null,
            };
            if (name is not null)
                return name;
        }
        return null;
    }

    /// <summary>An endpoint implements one of two methods.</summary>
    static string? OfFastEndpoint(Type? endpoint)
    {
        if (endpoint is null)
            return null;
        var method = Array.Exists(endpoint.GetMethods(), static method => method.Name == "ExecuteAsync" && method.DeclaringType!.Assembly.GetName().Name != "FastEndpoints") ? "ExecuteAsync" : "HandleAsync";
        return $"{CodeName.Full(endpoint)}.{method}";
    }

    static string? OfWolverineCall(object? call) => call is not null && Property<Type>(call, "HandlerType") is { } handler && Property<MethodInfo>(call, "Method") is { } method
        ? $"{CodeName.Full(handler)}.{method.Name}"
        : null;

    static T? Property<T>(object of, string name) where T : class => of.GetType().GetProperty(name)?.GetValue(of) as T;
}
