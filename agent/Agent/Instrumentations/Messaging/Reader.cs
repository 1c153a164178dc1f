using System.Reflection;

namespace Agent.Instrumentations.Messaging;

/// <summary>Reads a property of types that are known only when they are there, and generic; one delegate per type instead of reflection per call.</summary>
static class Reader<TValue>
{
    /// <returns>Null if the type has no such property.</returns>
    public static Func<object, TValue>? Of(Type type, string property) => type.GetProperty(property)?.GetMethod is { } getter
        ? (Func<object, TValue>)typeof(Reader<TValue>).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, [getter])!
        : null;

    static Func<object, TValue> Make<T>(MethodInfo getter) where T : class
    {
        var read = getter.CreateDelegate<Func<T, TValue>>();
        return owner => read((T)owner);
    }
}
