using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
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
        Filters? filters = null;
        try
        {
            filters = new Filters(builder, handler);
            filters.AddSpans(builder.FilterFactories);
        }
        catch (Exception e)
        {
            Log.Error($"endpoint filters of {handler.Method.Name} get no spans: {e}");
        }
        var made = create(handler, options, metadata);
        if (filters is { AreThere: true })
            Made.AddOrUpdate(made.RequestDelegate, made);
        return made;
    }

    /// <summary>
    /// The filters of one handler. Their factories are asked from the inside, each with what comes after its filter, and may return just that: no filter
    /// for this handler. If all do, the framework calls the handler without a pipeline, with its own type of result and its own frames
    /// (RequestDelegateFactory.CreateFilterPipeline), so nothing of ours may make one: the handler's span begins with the innermost filter that there is.
    /// </summary>
    sealed class Filters
    {
        readonly SpanDescription _load, _other;

        public Filters(EndpointBuilder builder, Delegate handler)
        {
            var method = builder.Metadata.OfType<MethodInfo>().FirstOrDefault() ?? handler.Method;
            List<KeyValuePair<string, object?>> tags = [new(Names.CodeFunction, DispatchedHandler.NameOf(builder.Metadata) ?? CodeName.Of(method))];
            var route = builder is RouteEndpointBuilder { RoutePattern.RawText: { } text } ? (text.Length > 0 ? text : "/") : null;
            if (route is not null)
                tags.Add(new(Names.HttpRoute, route));
            var name = $"handler {route ?? method.Name}";
            _load = new SpanDescription(name, [new(Names.Kind, DispatchKind.Load), .. tags]);
            _other = new SpanDescription(name, [new(Names.Kind, DispatchKind.Remote), .. tags]);
        }

        /// <summary>Whether there is one. Known when the framework has made the handler.</summary>
        public bool AreThere { get; private set; }

        public void AddSpans(IList<Func<EndpointFilterFactoryContext, EndpointFilterDelegate, EndpointFilterDelegate>> factories)
        {
            for (var i = 0; i < factories.Count; i++)
            {
                var (factory, ordinal) = (factories[i], i + 1);
                factories[i] = (context, next) => Create(factory, ordinal, context, next);
            }
        }

        EndpointFilterDelegate Create(Func<EndpointFilterFactoryContext, EndpointFilterDelegate, EndpointFilterDelegate> factory, int ordinal, EndpointFilterFactoryContext context, EndpointFilterDelegate next)
        {
            var inner = next.Target as EndpointFilter ?? new EndpointFilter(next, () => _other, _load);
            EndpointFilterDelegate call = ReferenceEquals(inner, next.Target) ? next : inner.Invoke;
            var made = factory(context, call);
            if (ReferenceEquals(made, call))
                return next;
            AreThere = true;
            try
            {
                inner.Outer = new EndpointFilter(made, EndpointFilter.Describe(factory, ordinal));
                return inner.Outer.Invoke;
            }
            catch (Exception e)
            {
                Log.Error($"an endpoint filter gets no spans: {e}");
                return made;
            }
        }
    }
}
