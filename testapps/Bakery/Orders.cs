namespace Bakery;

/// <summary>Streams, generic methods, and one that fails.</summary>
static class Orders
{
    public static async IAsyncEnumerable<string> Incoming()
    {
        foreach (var order in (string[])["rye", "rolls"])
        {
            await Task.Yield();
            yield return order;
        }
    }

    public static T First<T>(T[] orders) => orders[0];

    public static async Task Deliver(string place)
    {
        await Task.Yield();
        throw new InvalidOperationException($"There is no {place}.");
    }
}

/// <summary>Overloads.</summary>
static class Prices
{
    public static int Of(string order) => order.Length;

    public static int Of(string order, int count) => Of(order) * count;
}
