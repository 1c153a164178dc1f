using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Endpoints;

/// <summary>Routes of endpoints: the template for http.route, and what span names say instead of it.</summary>
static class Route
{
    static readonly ConditionalWeakTable<Endpoint, string> Names = [];

    /// <summary>The route as the framework's own metrics report it, so that spans and http.server.request.duration can be joined; null without one.</summary>
    public static string? Template(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { } route ? (route.Length > 0 ? route : "/") : null;

    /// <summary>
    /// The same with the values that select the endpoint: a conventional route («{controller=Home}/{action=Index}/{id?}») serves all actions
    /// of an app, and would make one name of them. The values are names of the app's classes and methods, never of the request.
    /// </summary>
    public static string? Name(Endpoint? endpoint)
    {
        if (Template(endpoint) is not { } template || endpoint is not RouteEndpoint { RoutePattern.RequiredValues: { Count: > 0 } values })
            return Template(endpoint);
        if (Names.TryGetValue(endpoint, out var name))
            return name;
        name = template;
        foreach (var (parameter, value) in values)
        {
            if (value is string { Length: > 0 } text)
                name = Replace(name, parameter, text);
        }
        Names.AddOrUpdate(endpoint, name);
        return name;
    }

    /// <summary>Puts a value in the place of «{parameter}», «{parameter=default}», «{parameter:constraint}».</summary>
    public static string Replace(string template, string parameter, string value)
    {
        var start = template.IndexOf("{" + parameter, StringComparison.OrdinalIgnoreCase);
        if (start < 0 || start + parameter.Length + 1 >= template.Length || template[start + parameter.Length + 1] is not ('}' or '=' or ':' or '?'))
            return template;
        var end = template.IndexOf('}', start);
        return end < 0 ? template : string.Concat(template.AsSpan(0, start), value, template.AsSpan(end + 1));
    }
}
