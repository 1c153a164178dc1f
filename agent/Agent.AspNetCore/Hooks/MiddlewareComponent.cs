using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Stands in a pipeline for one component of it and puts a span around what the component makes, unless the framework has added it by
/// itself. Which ones those are is clear only when the pipeline is built.
/// </summary>
[StackTraceHidden] // the app prints and logs stack traces; they stay as they are
sealed class MiddlewareComponent
{
    static readonly ConditionalWeakTable<object, Pipeline> Pipelines = [];

    [ThreadStatic]
    static int _buildDepth;

    [ThreadStatic]
    static int _plumbingDepth;

    readonly Pipeline _pipeline;
    readonly Func<RequestDelegate, RequestDelegate> _component;
    readonly bool _isSplice;

    MiddlewareComponent(Pipeline pipeline, Func<RequestDelegate, RequestDelegate> component, bool isSplice)
    {
        _pipeline = pipeline;
        _component = component;
        _isSplice = isSplice;
    }

    /// <summary>The component to use instead; the same one where no span can be wanted.</summary>
    /// <param name="builder">What it is added to.</param>
    /// <param name="component">What is given to Use.</param>
    public static Func<RequestDelegate, RequestDelegate> Wrap(object builder, Func<RequestDelegate, RequestDelegate> component)
    {
        // While a pipeline is being built, Use only joins pipelines (UseWhen, WebApplication, re-execution).
        if (_buildDepth > 0 || _plumbingDepth > 0 || Settings.Current.Middleware == MiddlewareSpans.None)
            return component;
        var pipeline = Pipelines.GetValue(builder, static _ => new Pipeline());
        var isSplice = MiddlewareName.IsSplice(component);
        pipeline.IsOfHost |= isSplice;
        pipeline.IsOfConnections |= MiddlewareName.IsConnections(component);
        return new MiddlewareComponent(pipeline, component, isSplice).CreateMiddleware;
    }

    /// <summary>What this thread adds to pipelines from now on is of the framework's own making.</summary>
    public static void BeginPlumbing() => _plumbingDepth++;

    public static void EndPlumbing() => _plumbingDepth--;

    /// <summary>
    /// Has the name that ApplicationBuilder looks for when it describes components to a debugger (see ToString). Called by the framework
    /// itself, not by woven code, so what fails here of ours is caught here; what the component throws is the app's.
    /// </summary>
    public RequestDelegate CreateMiddleware(RequestDelegate next)
    {
        if (_isSplice || !IsWanted(out var isImplicit))
            return MakeInner(next);
        if (Branch.Is(_component))
            return MakeBranch(next);
        var entered = new NextMiddleware(next);
        RequestDelegate seenNext = entered.Invoke;
        var inner = MakeInner(seenNext);
        if (inner == seenNext)
            return next; // it has decided not to take part
        try
        {
            entered.Middleware = new Middleware(inner, MiddlewareName.Of(_component, inner), isImplicit);
            return entered.Middleware.Invoke;
        }
        catch (Exception e)
        {
            Log.Error($"a middleware gets no span: {e}");
            return inner;
        }
    }

    RequestDelegate MakeBranch(RequestDelegate next)
    {
        var made = Make(next);
        try
        {
            return Branch.Enclose(_component, made, MiddlewareName.Of(_component, made));
        }
        catch (Exception e)
        {
            Log.Error($"a branch gets no span: {e}");
            return made;
        }
    }

    bool IsWanted(out bool isImplicit)
    {
        isImplicit = false;
        try
        {
            isImplicit = _pipeline.IsOfConnections || MiddlewareName.IsPlumbing(_component, _pipeline.IsOfHost);
            return !isImplicit || Settings.Current.Middleware == MiddlewareSpans.All;
        }
        catch (Exception e)
        {
            Log.Error($"a middleware gets no span: {e}");
            return false;
        }
    }

    /// <summary>What the component makes; the endpoint middleware with a span around each endpoint.</summary>
    RequestDelegate MakeInner(RequestDelegate next)
    {
        var made = Make(next);
        return EndpointDispatch.IsFor(_component) ? new EndpointDispatch(made).Invoke : made;
    }

    RequestDelegate Make(RequestDelegate next)
    {
        _buildDepth++;
        try
        {
            return _component(next);
        }
        finally
        {
            _buildDepth--;
        }
    }

    /// <summary>The component's own description.</summary>
    public override string? ToString() => _component.Target?.ToString();

    /// <summary>What is known of a builder.</summary>
    sealed class Pipeline
    {
        /// <summary>WebApplication splices the app's own pipeline into this one; what else is there comes from the framework or from start-up filters.</summary>
        public bool IsOfHost { get; set; }

        /// <summary>It is all of the framework: what a hub's endpoints run, which are several and begin with WebSockets.</summary>
        public bool IsOfConnections { get; set; }
    }
}
