using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Remote;

/// <summary>Builds a handler as the framework does, with a span for each of its endpoint filters and one for the handler itself as the innermost.</summary>
sealed class FilteredHandler(Func<Delegate, RequestDelegateFactoryOptions, RequestDelegateMetadataResult?, RequestDelegateResult> create)
{
    static readonly ConditionalWeakTable<RequestDelegate, object> Made = [];

    /// <summary>The handler has filters, so it has a span of its own inside its endpoint's. One method may be the handler of several endpoints.</summary>
    public static bool Is(Endpoint endpoint) => endpoint.RequestDelegate is { } made && Made.TryGetValue(made, out _);

    /// <summary>Called by the framework, again whenever endpoints change; what fails here of ours must not fail the app's.</summary>
    public RequestDelegateResult Create(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        if (options.EndpointBuilder is not { FilterFactories.Count: > 0 } builder)
            return create(handler, options, metadata);
        try
        {
            AddSpans(builder, handler);
        }
        catch (Exception e)
        {
            Log.Error($"endpoint filters of {handler.Method.Name} get no spans: {e}");
        }
        var made = create(handler, options, metadata);
        Made.AddOrUpdate(made.RequestDelegate, made);
        return made;
    }

    static void AddSpans(EndpointBuilder builder, Delegate handler)
    {
        var factories = builder.FilterFactories;
        for (var i = 0; i < factories.Count; i++)
        {
            var (factory, ordinal) = (factories[i], i + 1);
            factories[i] = (context, next) =>
            {
                var made = factory(context, next);
                return made == next ? made : new EndpointFilter(made, EndpointFilter.Describe(factory, ordinal)).Invoke;
            };
        }
        var method = builder.Metadata.OfType<MethodInfo>().FirstOrDefault() ?? handler.Method;
        List<KeyValuePair<string, object?>> tags = [new(Names.CodeFunction, CodeName.Of(method))];
        var route = builder is RouteEndpointBuilder { RoutePattern.RawText: { } text } ? (text.Length > 0 ? text : "/") : null;
        if (route is not null)
            tags.Add(new(Names.HttpRoute, route));
        var name = $"handler {route ?? method.Name}";
        var load = new SpanDescription(name, [new(Names.Kind, DispatchKind.Load), .. tags]);
        var other = new SpanDescription(name, [new(Names.Kind, DispatchKind.Remote), .. tags]);
        factories.Add((_, next) => new EndpointFilter(next, other, load).Invoke);
    }
}
