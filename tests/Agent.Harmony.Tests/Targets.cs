namespace HarmonyLib.Tests;

public struct Money(long amount, int currency)
{
    public long Amount = amount;
    public int Currency = currency;
}

/// <summary>Ordinary methods for tests to which it does not matter what they patch.</summary>
public class Targets
{
    public static int Add(int left, int right) => left + right;

    public static void Nothing() { }

    public static int Throws(string message) => throw new InvalidOperationException(message);

    public static int Recursive(int depth) => depth == 0 ? 0 : 1 + Recursive(depth - 1);
}

public sealed class Derived : Targets;

public class Box<T>(T value)
{
    public string Describe(T other) => $"{value} {other}";
}
