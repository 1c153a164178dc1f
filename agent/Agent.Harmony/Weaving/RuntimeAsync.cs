using System.Collections.Concurrent;
using System.Reflection;

namespace HarmonyLib.Weaving;

/// <summary>
/// Methods compiled as runtime-async (.NET 11): their body has the code of the source and returns the result itself, a T although the signature
/// says Task&lt;T&gt;, or nothing for Task; the runtime suspends it and makes the task. So the weaver works with that result, and a patch that asks
/// for the task gets a completed one (decisions/0036).
/// </summary>
static class RuntimeAsync
{
    /// <summary>MethodImplAttributes.Async, which .NET 10 has no name for.</summary>
    const MethodImplAttributes Flag = (MethodImplAttributes)0x2000;

    /// <summary>The first version of .NET that runs the replaced body of such a method.</summary>
    const int FirstVersion = 11;

    public static bool Is(MethodBase method) => (method.MethodImplementationFlags & Flag) != 0;

    /// <summary>Why such a method is not patched; null if it can be.</summary>
    public static string? Refusal(MethodBase method) => Environment.Version.Major < FirstVersion
        ? $"it is a runtime-async method, and .NET {Environment.Version.Major} does not run such methods with another body; .NET {FirstVersion} does"
        : ResultOf(((MethodInfo)method).ReturnType) is null ? "it is a runtime-async method that returns no task: a part of how the runtime awaits" : null;

    /// <summary>What awaiting a task gives: T or void; null for what is no task.</summary>
    public static Type? ResultOf(Type task) => task switch
    {
        _ when task == typeof(Task) || task == typeof(ValueTask) => typeof(void),
        { IsGenericType: true } when task.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)) => task.GetGenericArguments()[0],
        _ => null,
    };

    /// <summary>
    /// The function that makes a completed task: from a result, where there is one. For a type variable it takes the result as an object, and its type.
    /// </summary>
    /// <param name="task">The method's declared return type.</param>
    public static nint Completed(Type task)
    {
        var result = ResultOf(task)!;
        var name = (result == typeof(void), task.IsValueType) switch
        {
            (true, false) => nameof(CompletedTask),
            (true, true) => nameof(CompletedValueTask),
            _ when result.ContainsGenericParameters => nameof(TaskOfVariable),
            (_, false) => nameof(TaskOf),
            _ => nameof(ValueTaskOf),
        };
        var method = typeof(RuntimeAsync).GetMethod(name, AccessTools.allDeclared)!;
        return (method.IsGenericMethodDefinition ? method.MakeGenericMethod(result) : method).MethodHandle.GetFunctionPointer();
    }

    /// <summary>Not Task.CompletedTask, by which patches recognise a method that had nothing to do.</summary>
    static readonly Task Done = MakeDone();

    /// <summary>A task without a result, not one of a bool that nobody has asked for.</summary>
    static Task MakeDone()
    {
        var done = new Task(static () => { });
        done.RunSynchronously(TaskScheduler.Default);
        return done;
    }

    static readonly MethodInfo Definition = typeof(RuntimeAsync).GetMethod(nameof(TaskOf), AccessTools.allDeclared)!;

    static readonly ConcurrentDictionary<Type, MethodInfo> OfVariable = [];

    static Task CompletedTask() => Done;

    static ValueTask CompletedValueTask() => default;

    static Task<T> TaskOf<T>(T result) => Task.FromResult(result);

    static ValueTask<T> ValueTaskOf<T>(T result) => new(result);

    static object TaskOfVariable(object? result, RuntimeTypeHandle type)
    {
        var known = Type.GetTypeFromHandle(type)!;
        var make = known.IsCollectible ? Definition.MakeGenericMethod(known) : OfVariable.GetOrAdd(known, static known => Definition.MakeGenericMethod(known));
        return make.Invoke(null, [result])!;
    }
}
