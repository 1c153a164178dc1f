using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests;

public struct Money(long amount, int currency)
{
    public long Amount = amount;
    public int Currency = currency;

    public readonly long Times(int factor) => Amount * factor;
}

public struct Large
{
    public long A, B, C, D, E;
}

/// <summary>Ordinary methods of every kind, to be patched.</summary>
public class Targets
{
    public int Field = 7;

    public static int Add(int left, int right) => left + right;

    public string Greet(string name) => $"{name} {Field}";

    public virtual int Virtual(int value) => value * 2;

    public static long StructArgument(Money money) => money.Amount + money.Currency;

    public static Large LargeResult(long seed) => new() { A = seed, B = seed + 1, C = seed + 2, D = seed + 3, E = seed + 4 };

    public static void RefOut(ref int value, out string text)
    {
        value++;
        text = "original";
    }

    public static int Throws(string message) => throw new InvalidOperationException(message);

    public static int TryFinally(int value, List<string> log)
    {
        try
        {
            if (value < 0)
                throw new ArgumentOutOfRangeException(nameof(value));
            return checked(value * 2);
        }
        catch (OverflowException) when (value > 0)
        {
            log.Add("filter");
            return -1;
        }
        finally
        {
            log.Add("finally");
        }
    }

    public static string Switch(int value)
    {
        switch (value)
        {
            case 0: return "zero";
            case 1: return "one";
            case 2: return "two";
            case 3: return "three";
            case 4: return "four";
            default: return value > 100 ? "many" : "some";
        }
    }

    public static async Task<int> AsyncTask(int value)
    {
        await Task.Yield();
        return value + 1;
    }

    public static async ValueTask<int> AsyncValueTask(int value)
    {
        await Task.Yield();
        return value + 1;
    }

    public static T Generic<T>(T value) => value;

    public static int Recursive(int depth) => depth == 0 ? 0 : 1 + Recursive(depth - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Inlined(int value) => value + 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int CallsInlined(int value) => Inlined(value) + Inlined(value);

    public static ref int RefReturn(int[] values) => ref values[1];

    public static int SpanArgument(ReadOnlySpan<char> text) => text.Length;

    public static void Nothing() { }

    public static int NeverPatched(object o) => o.GetHashCode();
}

public sealed class Derived : Targets
{
    public override int Virtual(int value) => value * 3;
}

public class Box<T>(T value)
{
    public T Value { get; set; } = value;

    public string Describe(T other) => $"{Value} {other}";
}
