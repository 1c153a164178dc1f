using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// Stands in a pipeline for one component of it and puts a span around what the component makes. A component that only splices
/// pipelines together is called through, so that what the framework uses meanwhile is known to be no middleware.
/// </summary>
[StackTraceHidden] // the app prints and logs stack traces; they stay as they are
sealed class MiddlewareComponent
{
    [ThreadStatic]
    static int _implicitDepth;

    [ThreadStatic]
    static int _buildDepth;

    static int _count;

    readonly Func<RequestDelegate, RequestDelegate> _component;
    readonly bool _isSplice;
    readonly bool _isImplicit;
    readonly int _index;

    MiddlewareComponent(Func<RequestDelegate, RequestDelegate> component, bool isSplice, bool isImplicit)
    {
        _component = component;
        _isSplice = isSplice;
        _isImplicit = isImplicit;
        _index = isSplice ? 0 : Interlocked.Increment(ref _count);
    }

    public static void EnterImplicit() => _implicitDepth++;

    public static void LeaveImplicit() => _implicitDepth--;

    /// <summary>The component to use instead; the same one if it gets no span.</summary>
    public static Func<RequestDelegate, RequestDelegate> Wrap(Func<RequestDelegate, RequestDelegate> component)
    {
        if (_buildDepth > 0)
            return component; // while a pipeline is being built, Use only joins pipelines (UseWhen, WebApplication, re-execution)
        if (MiddlewareName.IsSplice(component))
            return new MiddlewareComponent(component, isSplice: true, isImplicit: true).CreateMiddleware;
        var isImplicit = _implicitDepth > 0 || MiddlewareName.IsPlumbing(component);
        return isImplicit && Settings.Current.Middleware != MiddlewareSpans.All
            ? component
            : new MiddlewareComponent(component, isSplice: false, isImplicit).CreateMiddleware;
    }

    /// <summary>Has the name that ApplicationBuilder looks for when it describes components to a debugger (see ToString).</summary>
    public RequestDelegate CreateMiddleware(RequestDelegate next)
    {
        var entered = _isSplice ? null : new NextMiddleware(next);
        RequestDelegate seenNext = entered is null ? next : entered.Invoke;
        RequestDelegate inner;
        _buildDepth++;
        try
        {
            inner = _component(seenNext);
        }
        finally
        {
            _buildDepth--;
        }
        if (entered is null)
            return inner;
        if (inner == seenNext)
            return next; // it has decided not to take part
        var middleware = new Middleware(inner, MiddlewareName.Of(_component, inner), _index, _isImplicit);
        entered.Middleware = middleware;
        return middleware.Invoke;
    }

    /// <summary>The component's own description.</summary>
    public override string? ToString() => _component.Target?.ToString();
}
