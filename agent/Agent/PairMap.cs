using System.Collections.Concurrent;

namespace Agent;

/// <summary>
/// Remembers one value for every two keys. Not a dictionary of pairs: the framework has no compiled code for keys that are value types, so
/// a dozen methods would have to be compiled at every start.
/// </summary>
/// <param name="make">Makes the value when it is first asked for; perhaps more than once at the same time.</param>
/// <param name="most">How many are remembered; others are made each time.</param>
sealed class PairMap<TFirst, TSecond, TValue>(Func<TFirst, TSecond, TValue> make, int most = 1000)
    where TFirst : class where TSecond : class where TValue : class?
{
    readonly ConcurrentDictionary<TFirst, ConcurrentDictionary<TSecond, TValue>> _all = new();
    int _count;

    public TValue this[TFirst first, TSecond second]
    {
        get
        {
            if (_all.TryGetValue(first, out var seconds) && seconds.TryGetValue(second, out var value))
                return value;
            value = make(first, second);
            if (_count < most)
            {
                Interlocked.Increment(ref _count);
                _all.GetOrAdd(first, static _ => new()).TryAdd(second, value);
            }
            return value;
        }
    }
}
