using System.Reflection;

namespace Agent.Instrumentations.Methods;

/// <summary>The patches around methods, one way to end for each kind of result. Installed by <see cref="TracedMethods"/>.</summary>
static class MethodCall
{
    public static void Begin(MethodBase __originalMethod, out MethodSpan? __state) => __state = MethodSpan.Begin(__originalMethod);

    public static void End(Exception? __exception, MethodSpan? __state) => __state?.End(__exception);

    public static void EndTask(Exception? __exception, Task? __result, MethodSpan? __state) => __state?.EndWith(__exception, __result);

    public static void EndValueTask(Exception? __exception, ref ValueTask __result, MethodSpan? __state)
    {
        if (__state is null)
            return;
        // May be taken once only, so a new one is handed on. What has succeeded need not be taken.
        var task = __exception is null && !__result.IsCompletedSuccessfully ? __result.AsTask() : null;
        if (task is not null)
            __result = new ValueTask(task);
        __state.EndWith(__exception, task);
    }

    public static void EndValueTaskOf<T>(Exception? __exception, ref ValueTask<T> __result, MethodSpan? __state)
    {
        if (__state is null)
            return;
        var task = __exception is null && !__result.IsCompletedSuccessfully ? __result.AsTask() : null;
        if (task is not null)
            __result = new ValueTask<T>(task);
        __state.EndWith(__exception, task);
    }

    // An iterator's code runs when it is enumerated. What the method itself has returned is the compiler's own object, of a type nobody can name.

    public static void Iterate<T>(MethodBase __originalMethod, ref IEnumerable<T> __result) => __result = new TracedEnumerable<T>(__result, __originalMethod);

    public static void IterateAsync<T>(MethodBase __originalMethod, ref IAsyncEnumerable<T> __result) => __result = new TracedAsyncEnumerable<T>(__result, __originalMethod);
}
