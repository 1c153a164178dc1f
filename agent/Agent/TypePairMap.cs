using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Agent;

/// <summary>Remembers one value for every type and something of it, and keeps neither the type nor that alive: a plugin of the app's may be unloaded.</summary>
/// <param name="make">Makes the value when it is first asked for; perhaps more than once at the same time.</param>
sealed class TypePairMap<TSecond, TValue>(Func<Type, TSecond, TValue> make)
    where TSecond : class where TValue : class?
{
    readonly ConditionalWeakTable<Type, ConcurrentDictionary<TSecond, TValue>> _all = [];

    public TValue this[Type type, TSecond second]
    {
        get
        {
            var ofType = _all.GetOrAdd(type, static _ => new ConcurrentDictionary<TSecond, TValue>());
            if (!ofType.TryGetValue(second, out var value))
                ofType[second] = value = make(type, second);
            return value;
        }
    }
}
