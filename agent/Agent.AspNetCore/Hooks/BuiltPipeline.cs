using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Builder.Extensions;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Puts into a pipeline that runs already what <see cref="MiddlewareComponent"/> puts into one that is being built. A built pipeline is a chain of delegates, each of which keeps the next
/// in a field of its middleware, or of a closure; so it can be walked along, and what is in these fields replaced. Where a middleware keeps its next one otherwise, the walk ends: it has a
/// span itself, what comes after it has not.
/// </summary>
/// <param name="application">The HostingApplication that has the pipeline.</param>
sealed class BuiltPipeline(object application)
{
    const string Http = "Microsoft.AspNetCore.Builder.";

    /// <summary>What the framework puts before the rest of a pipeline where that may be run again.</summary>
    const string Routing = "Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware";

    readonly Dictionary<Delegate, Delegate> _done = [];
    readonly OwnPipeline _app = OwnPipeline.Of(application);

    /// <summary>Never throws.</summary>
    public void Enclose()
    {
        try
        {
            if (Slot.FieldsOf(application.GetType()).FirstOrDefault(static field => field.FieldType == typeof(RequestDelegate)) is { } field)
                Enclose(new Slot(application, field), isMain: true);
        }
        catch (Exception e)
        {
            Log.Error($"middlewares that were there before the agent get no spans: {e}");
        }
    }

    void Enclose(Slot start, bool isMain)
    {
        var steps = new List<Step>();
        Slot? slot = start;
        while (slot?.Value is RequestDelegate called && !_done.ContainsKey(called) && !IsEnd(called))
        {
            var step = new Step(slot, called);
            steps.Add(step);
            slot = step.Next;
        }
        var isRepeated = slot?.Value is { } rest && _done.ContainsKey(rest) && !isMain;
        if (slot?.Value is { } joined && _done.TryGetValue(joined, out var enclosed) && enclosed != joined)
            slot.Set(enclosed);
        var implicitly = isMain ? _app.ImplicitIn(steps) : [];
        for (var i = steps.Count - 1; i >= 0; i--) // the innermost first, as pipelines are built
        {
            if (!isRepeated || steps[i].Type != Routing)
                Enclose(steps[i], isImplicit: implicitly.Contains(steps[i]) || MiddlewareName.IsPlumbing(steps[i].Type, isOfHost: false));
        }
        foreach (var step in steps)
        {
            foreach (var (side, name) in step.Sides())
                EncloseSide(side, name);
        }
    }

    /// <summary>A pipeline beside this one: a branch, whose span is around it, or what an exception handler runs.</summary>
    void EncloseSide(Slot side, MiddlewareName? name)
    {
        Enclose(side, isMain: false);
        if (name is not null && Settings.Current.Middleware != MiddlewareSpans.None && side.Value is RequestDelegate { Target: not Middleware { IsBranch: true } } branch)
            side.Set((RequestDelegate)new Middleware(branch, name, isImplicit: false) { IsBranch = true }.Invoke);
    }

    void Enclose(Step step, bool isImplicit)
    {
        var called = step.Called;
        _done[called] = called;
        if (step.IsBranch)
            return;
        var isEndpoint = step.Type == "Microsoft.AspNetCore.Routing.EndpointMiddleware";
        if (Settings.Current.Middleware == MiddlewareSpans.None)
        {
            if (isEndpoint) // endpoints may have filters
                step.Slot.Set((RequestDelegate)(context => BuiltEndpoint.Invoke(called, context)));
            return;
        }
        var inner = isEndpoint ? new EndpointDispatch(called).Invoke : called;
        if (!isImplicit || Settings.Current.Middleware == MiddlewareSpans.All)
        {
            var middleware = new Middleware(inner, step.Name, isImplicit);
            if (step.Next is { Value: RequestDelegate next } slot)
                slot.Set((RequestDelegate)new NextMiddleware(next) { Middleware = middleware }.Invoke);
            inner = middleware.Invoke;
        }
        if (inner == called)
            return;
        step.Slot.Set(inner);
        _done[called] = inner;
    }

    /// <summary>The framework's own end of each pipeline, or a part that has been built with the agent.</summary>
    static bool IsEnd(RequestDelegate called) => called.Target is Middleware or NextMiddleware or EndpointDispatch or MiddlewareComponent
        || called.Method.DeclaringType is { } type && (type.DeclaringType ?? type).FullName == Http + "ApplicationBuilder"
        || called.GetInvocationList().Length != 1;

    /// <summary>One middleware of the chain.</summary>
    internal sealed class Step
    {
        readonly List<Slot> _sides = [];

        public Step(Slot slot, RequestDelegate called)
        {
            (Slot, Called) = (slot, called);
            Middleware = MiddlewareOf(called);
            Type = (MiddlewareName.BinderOf(called) ?? Middleware)?.ToString() is { } text && MiddlewareName.BinderOf(called) is not null ? text : Middleware?.GetType().ToString() ?? "";
            foreach (var found in Middleware is null ? [] : Slot.Of(Middleware, typeof(RequestDelegate)))
            {
                if (Next is null || found.Name.Contains("next", StringComparison.OrdinalIgnoreCase) || found.Name == "main")
                {
                    if (Next is not null)
                        _sides.Add(Next);
                    Next = found;
                }
                else
                {
                    _sides.Add(found);
                }
            }
        }

        /// <summary>Where the one before, or the server, keeps it.</summary>
        public Slot Slot { get; }

        /// <summary>What is called.</summary>
        public RequestDelegate Called { get; }

        /// <summary>The middleware, or the closure of a lambda; null for a static method.</summary>
        public object? Middleware { get; }

        /// <summary>As the framework names the component.</summary>
        public string Type { get; }

        /// <summary>Where it keeps the next one.</summary>
        public Slot? Next { get; }

        /// <summary>Map, MapWhen or UseWhen: the span is around what it runs for some requests.</summary>
        public bool IsBranch => IsUseWhen || Type is Http + "Extensions.MapMiddleware" or Http + "Extensions.MapWhenMiddleware";

        bool IsUseWhen => Middleware?.GetType().DeclaringType?.FullName == Http + "UseWhenExtensions";

        /// <summary>Of its span.</summary>
        public MiddlewareName Name => MiddlewareName.OfBuilt(Called, Middleware, isTerminal: Next is null);

        /// <summary>The pipelines beside, with the name of the span around each that gets one.</summary>
        public IEnumerable<(Slot Slot, MiddlewareName? Name)> Sides()
        {
            foreach (var side in _sides)
                yield return (side, IsUseWhen && side.Name == "branch" ? MiddlewareName.OfBranch("UseWhen") : null);
            foreach (var options in Options())
            {
                // A callback of the options may run the rest of the pipeline again, for an error page.
                var callbacks = Slot.ValuesOf(options).OfType<Delegate>().Where(static value => value is not RequestDelegate && value.Target is { } target && Slot.IsClosure(target.GetType()));
                foreach (var slot in callbacks.SelectMany(static value => Slot.Of(value.Target!, typeof(RequestDelegate))).Concat(Slot.Of(options, typeof(RequestDelegate))))
                {
                    yield return (slot, options switch
                    {
                        MapOptions map => MiddlewareName.OfBranch($"Map {map.PathMatch.Value}"),
                        MapWhenOptions => MiddlewareName.OfBranch("MapWhen"),
                        _ => null,
                    });
                }
            }
        }

        IEnumerable<object> Options()
        {
            foreach (var field in Middleware is null ? [] : Slot.FieldsOf(Middleware.GetType()))
            {
                if (field.FieldType.FullName?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == true && field.FieldType.Name.EndsWith("Options", StringComparison.Ordinal)
                    && field.GetValue(Middleware) is { } options)
                    yield return options;
            }
        }

        /// <summary>One whose method takes more than the context is called by a closure of the framework's, which keeps it.</summary>
        static object? MiddlewareOf(RequestDelegate called)
        {
            if (called.Target is not { } target || target.GetType().DeclaringType?.FullName?.StartsWith(Http + "UseMiddlewareExtensions", StringComparison.Ordinal) != true)
                return called.Target;
            return Slot.Of(target, typeof(RequestDelegate)).Count > 0 ? target
                : target.GetType().GetField("instance", MiddlewareName.Fields)?.GetValue(target) ?? target;
        }
    }

    /// <summary>What the app has added itself to the pipeline of a WebApplication, around which the framework adds more.</summary>
    sealed class OwnPipeline(List<string>? components)
    {
        /// <summary>Of a pipeline that is no WebApplication's, or cannot be found, everything is the app's.</summary>
        public static OwnPipeline Of(object application)
        {
            try
            {
                return new OwnPipeline(Components(application));
            }
            catch (Exception e)
            {
                Log.Debug($"what the framework has added to a pipeline by itself is not told from the rest: {e}");
                return new OwnPipeline(null);
            }
        }

        /// <summary>Those steps that the framework has added by itself: as many of a kind as the app has not; the end of routing comes last, the others first.</summary>
        public HashSet<Step> ImplicitIn(List<Step> steps)
        {
            HashSet<Step> found = [];
            if (components is null)
                return found;
            foreach (var group in steps.Where(static step => MiddlewareName.IsPlumbing(step.Type, isOfHost: true)).GroupBy(static step => step.Type))
            {
                var ordered = group.Key == "Microsoft.AspNetCore.Routing.EndpointMiddleware" ? group.Reverse() : group;
                found.UnionWith(ordered.Take(group.Count() - components.Count(component => component == group.Key)));
            }
            return found;
        }

        /// <summary>HostingApplication → services → options of the host → WebApplicationBuilder → WebApplication → its builder → components. Null for other hosts.</summary>
        static List<string>? Components(object application)
        {
            var services = Values(application).Where(static value => value.GetType().Name.EndsWith("HttpContextFactory", StringComparison.Ordinal)).SelectMany(Values).OfType<IServiceProvider>().FirstOrDefault();
            var optionsType = application.GetType().Assembly.GetType("Microsoft.AspNetCore.Hosting.GenericWebHostServiceOptions");
            if (services is null || optionsType is null)
                return null;
            var options = services.GetService(typeof(Microsoft.Extensions.Options.IOptions<>).MakeGenericType(optionsType));
            var value = options?.GetType().GetProperty("Value")?.GetValue(options);
            var configure = optionsType.GetProperty("ConfigureApplication")?.GetValue(value) as Delegate;
            var builder = WebApplicationBuilderOf(configure, depth: 3);
            var web = builder is null ? null : Values(builder).FirstOrDefault(static field => field is WebApplication);
            var app = web is null ? null : Values(web).FirstOrDefault(static field => field is ApplicationBuilder);
            return app is null ? null : Values(app).OfType<IEnumerable<Func<RequestDelegate, RequestDelegate>>>().FirstOrDefault()?.Select(static component => component.Target?.ToString() ?? "").ToList();
        }

        static object? WebApplicationBuilderOf(object? at, int depth)
        {
            if (at is Delegate called)
                at = called.Target;
            if (at is null || at is WebApplicationBuilder || depth == 0)
                return at as WebApplicationBuilder;
            return Values(at).Where(static value => value is Delegate or WebApplicationBuilder || Slot.IsClosure(value.GetType())).Select(value => WebApplicationBuilderOf(value, depth - 1)).FirstOrDefault(static found => found is not null);
        }

        static IEnumerable<object> Values(object of) => Slot.FieldsOf(of.GetType()).Select(field => field.GetValue(of)).OfType<object>();
    }
}
