using System.Diagnostics;
using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>What a method of <see cref="Source"/> does at its end.</summary>
public enum Ending
{
    /// <summary>Completes without waiting.</summary>
    AtOnce,
    /// <summary>Completes after it has waited.</summary>
    Later,
    /// <summary>Throws without waiting.</summary>
    ThrowsAtOnce,
    /// <summary>Throws after it has waited.</summary>
    ThrowsLater,
    /// <summary>Is cancelled without waiting.</summary>
    CancelledAtOnce,
    /// <summary>Is cancelled after it has waited.</summary>
    CancelledLater,
}

/// <summary>What one call works with: how it ends, and the gate it waits at.</summary>
public sealed class Call(Ending ending)
{
    /// <summary>Flows with the call; what the method sets must not be seen by its caller.</summary>
    public static readonly AsyncLocal<string?> Local = new();

    readonly TaskCompletionSource _gate = new();

    public Ending Ending { get; } = ending;

    /// <summary>The exception that is thrown: one object, so that a caller can tell it.</summary>
    public Exception Failure { get; } = new InvalidOperationException("failed");

    public bool Waits => Ending is Ending.Later or Ending.ThrowsLater or Ending.CancelledLater;

    public void Open() => _gate.TrySetResult();

    /// <summary>The body of every method of <see cref="Source"/>: what it sees and sets, whether it waits, how it ends.</summary>
    public async Task<string> Run(List<string> log)
    {
        log.Add($"inside: {Local.Value}, {Activity.Current?.OperationName}");
        Local.Value = "set inside";
        if (Waits)
            await _gate.Task.ConfigureAwait(false);
        log.Add($"then: {Local.Value}, {Activity.Current?.OperationName}");
        return Ending switch
        {
            Ending.ThrowsAtOnce or Ending.ThrowsLater => throw Failure,
            Ending.CancelledAtOnce or Ending.CancelledLater => throw new OperationCanceledException("cancelled"),
            _ => "result",
        };
    }
}

/// <summary>Methods of every shape, compiled as runtime-async. Each does what its <see cref="Call"/> says.</summary>
public class Source
{
    int _calls;

    public static async Task StaticTask(Call call, List<string> log) => await call.Run(log);
    public static async Task<string> StaticTaskOf(Call call, List<string> log) => await call.Run(log);
    public static async Task<int> StaticTaskOfInt(Call call, List<string> log) => (await call.Run(log)).Length;
    public static async ValueTask StaticValueTask(Call call, List<string> log) => await call.Run(log);
    public static async ValueTask<string> StaticValueTaskOf(Call call, List<string> log) => await call.Run(log);
    public static async ValueTask<(long, string)> StaticValueTaskOfStruct(Call call, List<string> log) => (1, await call.Run(log));
    public async Task<string> InstanceTaskOf(Call call, List<string> log) => await Counted(call).Run(log);
    public async ValueTask InstanceValueTask(Call call, List<string> log) => await Counted(call).Run(log);

    Call Counted(Call call)
    {
        _calls++;
        return call;
    }

    public virtual async Task VirtualTask(Call call, List<string> log) => await call.Run(log);
    public virtual async ValueTask<string> VirtualValueTaskOf(Call call, List<string> log) => await call.Run(log);

    public static async Task<string> InTry(Call call, List<string> log)
    {
        try
        {
            return await call.Run(log);
        }
        finally
        {
            log.Add("finally");
        }
    }

    public static async Task<string> InCatch(Call call, List<string> log)
    {
        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            return await call.Run(log);
        }
    }

    public static async Task<string> InFinally(Call call, List<string> log)
    {
        string? result = null;
        try
        {
            log.Add("try");
        }
        finally
        {
            result = await call.Run(log);
        }
        return result;
    }

    public static async Task<string> InFilter(Call call, List<string> log)
    {
        try
        {
            return await call.Run(log);
        }
        catch (InvalidOperationException) when (call.Ending == Ending.ThrowsAtOnce)
        {
            await Task.CompletedTask;
            return "caught";
        }
    }

    public static async Task<T> Generic<T>(T value, Call call, List<string> log)
    {
        await call.Run(log);
        return value;
    }
}

/// <summary>Overrides one method, so that a call through the base goes here.</summary>
public class DerivedSource : Source
{
    public override async Task VirtualTask(Call call, List<string> log) => await base.VirtualTask(call, log);
}

/// <summary>A generic type.</summary>
sealed class GenericSource<T>(T value)
{
    public async Task<T> Instance(Call call, List<string> log)
    {
        await call.Run(log);
        return value;
    }

    public static async ValueTask<List<T>> Static(T value, Call call, List<string> log)
    {
        await call.Run(log);
        return [value];
    }
}

/// <summary>A value type.</summary>
public struct StructSource(int number)
{
    public int Number = number;

    public readonly async Task<int> Add(int other, Call call, List<string> log)
    {
        var sum = Number + other;
        await call.Run(log);
        return sum;
    }
}

/// <summary>Facts about how a method was compiled.</summary>
static class Compiled
{
    public static bool AsRuntimeAsync(MethodBase method) => (method.MethodImplementationFlags & MethodImplAttributes.Async) != 0;
}
