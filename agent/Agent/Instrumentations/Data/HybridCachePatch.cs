using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// A span around the making of what a HybridCache has not had. The method looks for it in the distributed cache first, and runs once for all who ask for the same: so
/// not the method has the span but the factory that it calls. A hit in memory does not come here.
/// </summary>
[HarmonyPatch("Microsoft.Extensions.Caching.Hybrid.Internal.DefaultHybridCache+StampedeState`2, Microsoft.Extensions.Caching.Hybrid", "BackgroundFetchAsync")]
static class HybridCachePatch
{
    static readonly ConditionalWeakTable<Type, Action<object>> Wrappers = [];

    static void Prefix(object __instance) => Wrappers.GetOrAdd(__instance.GetType(), static type => (Action<object>)typeof(HybridCachePatch)
        .GetMethod(nameof(Wrap), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [type])!)(__instance);

    static Action<object> Wrap<TState, T>(Type type)
    {
        if (type.GetField("_underlying", BindingFlags.Instance | BindingFlags.NonPublic) is not { } field || field.FieldType != typeof(Func<TState, CancellationToken, ValueTask<T>>))
            return static _ => { };
        return state =>
        {
            if (field.GetValue(state) is Func<TState, CancellationToken, ValueTask<T>> factory)
                field.SetValue(state, (Func<TState, CancellationToken, ValueTask<T>>)new Factory<TState, T>(factory).Make);
        };
    }

    [System.Diagnostics.StackTraceHidden]
    sealed class Factory<TState, T>(Func<TState, CancellationToken, ValueTask<T>> factory)
    {
        public ValueTask<T> Make(TState state, CancellationToken cancellationToken)
        {
            // What most apps give is the state of a delegate of the library's.
            if (CacheMissSpan.Around(state as Delegate ?? factory) is not { } span)
                return factory(state, cancellationToken);
            Task<T> task;
            try
            {
                task = factory(state, cancellationToken).AsTask();
            }
            catch (Exception e)
            {
                span.End(e);
                throw;
            }
            span.End(null, task);
            return new(task);
        }
    }
}
