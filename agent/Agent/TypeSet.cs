using System.Runtime.CompilerServices;

namespace Agent;

/// <summary>Types that have been seen. It keeps none of them alive: a plugin of the app's may be unloaded.</summary>
sealed class TypeSet
{
    static readonly object Marker = new();

    readonly ConditionalWeakTable<Type, object> _types = [];

    public bool Contains(Type type) => _types.TryGetValue(type, out _);

    /// <returns>Whether it is new.</returns>
    public bool Add(Type type) => _types.TryAdd(type, Marker);
}
