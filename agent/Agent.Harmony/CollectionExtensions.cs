namespace HarmonyLib;

/// <summary>What is done with each item, and longer collections (harmony.pardeike.net, «CollectionExtensions»). Nothing instead of a collection is an empty one.</summary>
public static class CollectionExtensions
{
    /// <summary>Does something with each item.</summary>
    public static void Do<T>(this IEnumerable<T>? sequence, Action<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (var item in sequence ?? [])
            action(item);
    }

    /// <summary>Does something with each item that fits.</summary>
    public static void DoIf<T>(this IEnumerable<T>? sequence, Func<T, bool> condition, Action<T> action) => (sequence ?? []).Where(condition).Do(action);

    /// <summary>The items, and one more.</summary>
    public static IEnumerable<T> AddItem<T>(this IEnumerable<T>? sequence, T item) => [.. sequence ?? [], item];

    /// <summary>The items, and one more.</summary>
    public static T[] AddToArray<T>(this T[]? sequence, T item) => [.. sequence ?? [], item];

    /// <summary>The items, and others.</summary>
    public static T[] AddRangeToArray<T>(this T[]? sequence, T[]? items) => [.. sequence ?? [], .. items ?? []];
}
