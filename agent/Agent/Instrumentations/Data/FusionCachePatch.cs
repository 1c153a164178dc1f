using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// A span around the making of what a FusionCache has not had. The library's own source has spans for hits, too, with the keys in them, and its failing factories
/// look well. Whether something is missing is decided in the middle of the two methods that all others end in, so the factory is what gets the span.
/// </summary>
[HarmonyPatch("ZiggyCreatures.Caching.Fusion.FusionCache, ZiggyCreatures.FusionCache", "GetOrSetEntryInternalAsync")]
static class FusionCachePatch
{
    static readonly ConditionalWeakTable<Type, Func<Delegate, Delegate>> Wrappers = [];

    static void Prefix(ref object? factory, bool isRealFactory)
    {
        if (isRealFactory && factory is Delegate app && CacheMissSpan.MayBegin)
            factory = Wrappers.GetOrAdd(app.GetType(), Wrapper)(app);
    }

    [HarmonyPrefix, HarmonyPatch("GetOrSetEntryInternal")]
    static void Synchronous(ref object? factory, bool isRealFactory) => Prefix(ref factory, isRealFactory);

    static Func<Delegate, Delegate> Wrapper(Type factory)
    {
        if (factory.GenericTypeArguments is not [var context, _, var result] || factory.GetGenericTypeDefinition() != typeof(Func<,,>))
            return static same => same;
        var isTask = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>);
        return typeof(FusionCachePatch).GetMethod(isTask ? nameof(OfTask) : nameof(OfValue), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(context, isTask ? result.GenericTypeArguments[0] : result).CreateDelegate<Func<Delegate, Delegate>>();
    }

    // Bound to the app's factory itself: one object for a hit, which needs no span.
    static Delegate OfTask<TContext, T>(Delegate factory) => new Func<TContext, CancellationToken, Task<T>>(((Func<TContext, CancellationToken, Task<T>>)factory).Make);

    static Delegate OfValue<TContext, T>(Delegate factory) => new Func<TContext, CancellationToken, T>(((Func<TContext, CancellationToken, T>)factory).Make);

    [StackTraceHidden]
    static Task<T> Make<TContext, T>(this Func<TContext, CancellationToken, Task<T>> factory, TContext context, CancellationToken cancellationToken)
    {
        if (CacheMissSpan.Around(Written(factory)) is not { } span)
            return factory(context, cancellationToken);
        try
        {
            var task = factory(context, cancellationToken);
            span.End(null, task);
            return task;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }

    [StackTraceHidden]
    static T Make<TContext, T>(this Func<TContext, CancellationToken, T> factory, TContext context, CancellationToken cancellationToken)
    {
        if (CacheMissSpan.Around(Written(factory)) is not { } span)
            return factory(context, cancellationToken);
        try
        {
            var value = factory(context, cancellationToken);
            span.End(null);
            return value;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }

    /// <summary>The app's own: the library's shorter overloads put delegates of theirs around it.</summary>
    static Delegate Written(Delegate factory)
    {
        for (var i = 0; i < 4 && factory.Method.DeclaringType?.Assembly.GetName().Name == "ZiggyCreatures.FusionCache" && factory.Target is { } closure; i++)
        {
            Delegate? inner = null;
            foreach (var field in closure.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                inner ??= field.GetValue(closure) as Delegate;
            if (inner is null)
                break;
            factory = inner;
        }
        return factory;
    }
}
