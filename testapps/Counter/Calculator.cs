using Microsoft.JSInterop;

namespace Counter;

/// <summary>What the page's scripts may call.</summary>
public sealed class Calculator
{
    [JSInvokable]
    public static async Task<int> Add(int a, int b)
    {
        await Task.Yield();
        return a + b;
    }

    [JSInvokable("divide")]
    public async ValueTask<int> Divide(int a, int b)
    {
        await Task.Yield();
        return a / b;
    }
}
