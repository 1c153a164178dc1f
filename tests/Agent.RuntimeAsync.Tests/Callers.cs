using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests;

/// <summary>Ways to call an async method. Each writes down what the caller sees before, between and after, and how it ends.</summary>
public enum Caller
{
    /// <summary>An async method with a state machine.</summary>
    Classic,
    /// <summary>An async method compiled as runtime-async itself.</summary>
    RuntimeAsync,
    /// <summary>A method that waits for the task.</summary>
    Synchronous,
    /// <summary>MethodInfo.Invoke.</summary>
    Reflection,
    /// <summary>A delegate.</summary>
    Delegate,
}

static class Callers
{
    /// <summary>Calls a method and returns all that its caller, and its body, have seen.</summary>
    public static async Task<List<string>> Observe(Caller caller, Ending ending, MethodInfo method, object? instance, params object?[] more)
    {
        var call = new Call(ending);
        var log = new List<string>();
        Call.Local.Value = "set outside";
        using var activity = new Activity("outside").Start();
        object?[] arguments = [.. more, call, log];
        Func<object> invoke = caller == Caller.Delegate && more.Length == 0
            ? CreateCall(method, instance, call, log)
            : () => method.Invoke(instance, arguments)!;
        try
        {
            switch (caller)
            {
                case Caller.RuntimeAsync:
                    await RuntimeAsync(invoke, call, log);
                    break;
                case Caller.Synchronous:
                    Synchronous(invoke, call, log);
                    break;
                default:
                    await Classic(invoke, call, log);
                    break;
            }
        }
        catch (Exception e)
        {
            log.Add($"{e.GetType().Name} {e.Message}, the same: {e == call.Failure}, frames: {Frames(e)}");
        }
        See(log, "at the end");
        Call.Local.Value = null;
        return log;
    }

    static Func<object> CreateCall(MethodInfo method, object? instance, Call call, List<string> log)
    {
        var made = method.CreateDelegate(typeof(Func<,,>).MakeGenericType(typeof(Call), typeof(List<string>), method.ReturnType), instance);
        return () => made.DynamicInvoke(call, log)!;
    }

    [RuntimeAsyncMethodGeneration(false)]
    static async Task Classic(Func<object> invoke, Call call, List<string> log)
    {
        var task = Start(invoke, log);
        call.Open();
        await Complete(task, log);
        See(log, "after await");
    }

    static async Task RuntimeAsync(Func<object> invoke, Call call, List<string> log)
    {
        var task = Start(invoke, log);
        call.Open();
        await Complete(task, log);
        See(log, "after await");
    }

    static void Synchronous(Func<object> invoke, Call call, List<string> log)
    {
        var task = Start(invoke, log);
        call.Open();
        Complete(task, log).GetAwaiter().GetResult();
        See(log, "after waiting");
    }

    static object Start(Func<object> invoke, List<string> log)
    {
        See(log, "before");
        var result = invoke();
        See(log, "started");
        log.Add($"{result.GetType().Name.Split('`')[0].Replace("Source", "").Replace("RuntimeAsyncTask", "Task")} completed: {Task(result)?.IsCompleted}, {Task(result)?.Status}");
        return result;
    }

    /// <summary>A ValueTask may be asked once only, so it is left alone.</summary>
    static Task? Task(object result) => result as Task;

    [RuntimeAsyncMethodGeneration(false)]
    static async Task Complete(object result, List<string> log)
    {
        var task = result as Task ?? (Task)result.GetType().GetMethod("AsTask")!.Invoke(result, null)!;
        await task.ContinueWith(static _ => { }, TaskScheduler.Default);
        log.Add($"{task.Status}, {Result(task)}");
        await task;
    }

    static string Result(Task task)
    {
        if (!task.IsCompletedSuccessfully || task.GetType().GetProperty("Result") is not { } property || property.PropertyType.Name == "VoidTaskResult")
            return "";
        return property.GetValue(task) switch { IEnumerable<int> numbers => string.Join(',', numbers), var other => $"{other}" };
    }

    static void See(List<string> log, string when) => log.Add($"{when}: {Call.Local.Value}, {Activity.Current?.OperationName}");

    /// <summary>The methods of the sources in a stack trace; patches must add none.</summary>
    static string Frames(Exception e) => string.Join(" < ", new StackTrace(e).GetFrames().Select(frame => frame.GetMethod())
        .OfType<MethodBase>().Where(method => method.DeclaringType is { } type && type.Assembly == typeof(Call).Assembly && (type.DeclaringType ?? type) != typeof(Callers))
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));
}
