namespace Bakery.Ovens;

/// <summary>Value tasks and a property.</summary>
sealed class Oven
{
    public int Temperature { get; private set; }

    public void Heat(int degrees) => Temperature = degrees;

    public async ValueTask<int> Wait()
    {
        await Check();
        return 45;
    }

    async ValueTask Check()
    {
        await Task.Yield();
        Temperature--;
    }
}
