using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
using Agent.AspNetCore.Hooks;
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

    /// <summary>An endpoint that was there before the agent: its filters, if it has any, get their spans now.</summary>
    public static void Enclose(Endpoint endpoint)
    {
        if (endpoint.RequestDelegate is not { } made || BuiltFilters(made) is not { Count: > 1 } slots)
            return;
        new Filters(endpoint.Metadata, (endpoint as RouteEndpoint)?.RoutePattern.RawText, HandlerOf(slots[^1])).AddSpans(slots);
        Made.AddOrUpdate(made, made);
    }

    /// <summary>A handler that takes the HttpContext alone is no metadata of its endpoint; the framework's innermost delegate keeps it.</summary>
    static MethodInfo HandlerOf(Slot innermost)
    {
        var inner = innermost.Value!;
        var kept = inner.Target is { } target && Slot.IsClosure(target.GetType()) ? Slot.ValuesOf(target).OfType<RequestDelegate>().FirstOrDefault() : null;
        return (kept ?? inner).Method;
    }

    /// <summary>
    /// Where the filters are kept, the outermost first, and the handler. The first one is somewhere in the closures that the framework, or the code it has compiled, keeps of a handler; each keeps the next.
    /// </summary>
    static List<Slot> BuiltFilters(RequestDelegate made)
    {
        var found = new List<Slot>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        for (var slot = Find(made, depth: 8); slot?.Value is EndpointFilterDelegate { Target: not EndpointFilter } filter && seen.Add(filter);)
        {
            found.Add(slot);
            slot = filter.Target is { } target && Slot.IsClosure(target.GetType()) ? Slot.Of(target, typeof(EndpointFilterDelegate)).FirstOrDefault() : null;
        }
        return found;

        Slot? Find(object? at, int depth)
        {
            if (at is Delegate called)
                at = called.Target;
            if (at is null || depth == 0 || !seen.Add(at))
                return null;
            if (at.GetType() is { FullName: "System.Runtime.CompilerServices.Closure" } closure && closure.GetField("Constants")?.GetValue(at) is object[] constants) // of compiled expressions
            {
                var index = Array.FindIndex(constants, static constant => constant is EndpointFilterDelegate);
                return index >= 0 ? new Slot("", () => constants[index], value => constants[index] = value!)
                    : constants.Select(constant => Find(constant, depth - 1)).FirstOrDefault(static inner => inner is not null);
            }
            if (!Slot.IsClosure(at.GetType()))
                return null;
            return Slot.Of(at, typeof(EndpointFilterDelegate)).FirstOrDefault()
                ?? Slot.ValuesOf(at).Select(value => Find(value, depth - 1)).FirstOrDefault(static inner => inner is not null);
        }
    }

    /// <summary>Called by the framework, again whenever endpoints change; what fails here of ours must not fail the app's.</summary>
    public RequestDelegateResult Create(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        if (options.EndpointBuilder is not { FilterFactories.Count: > 0 } builder)
            return create(handler, options, metadata);
        Filters? filters = null;
        try
        {
            filters = new Filters(builder.Metadata, (builder as RouteEndpointBuilder)?.RoutePattern.RawText, handler.Method);
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

        public Filters(IEnumerable<object> metadata, string? pattern, MethodInfo handler)
        {
            var method = metadata.OfType<MethodInfo>().FirstOrDefault() ?? handler;
            List<KeyValuePair<string, object?>> tags = [new(Names.CodeFunction, DispatchedHandler.NameOf(metadata) ?? CodeName.Of(method))];
            var route = pattern is { } text ? (text.Length > 0 ? text : "/") : null;
            if (route is not null)
                tags.Add(new(Names.HttpRoute, route));
            var name = $"handler {route ?? method.Name}";
            _load = new SpanDescription(name, [new(Names.Kind, DispatchKind.Load), .. tags]);
            _other = new SpanDescription(name, [new(Names.Kind, DispatchKind.Remote), .. tags]);
        }

        /// <summary>Whether there is one. Known when the framework has made the handler.</summary>
        public bool AreThere { get; private set; }

        /// <summary>The same for filters that are there.</summary>
        /// <param name="slots">Where they are kept, the outermost first; the last one is the handler.</param>
        public void AddSpans(List<Slot> slots)
        {
            EndpointFilter? inner = null;
            for (var i = slots.Count - 1; i >= 0; i--)
            {
                var filter = (EndpointFilterDelegate)slots[i].Value!;
                var outer = inner is null ? new EndpointFilter(filter, () => _other, _load) : new EndpointFilter(filter, EndpointFilter.Describe(filter, i + 1));
                if (inner is not null)
                    inner.Outer = outer;
                slots[i].Set((EndpointFilterDelegate)outer.Invoke);
                inner = outer;
            }
        }

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
