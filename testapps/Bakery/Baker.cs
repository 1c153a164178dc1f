using Bakery.Ovens;

namespace Bakery;

/// <summary>Bakes: a task of a task.</summary>
sealed class Baker(Oven oven)
{
    public async Task<Loaf> Bake(string kind)
    {
        await Knead();
        var minutes = await oven.Wait();
        return new Loaf(kind, minutes);
    }

    static async Task Knead() => await Task.Yield();
}

/// <summary>A record, most of whose methods nobody has written.</summary>
sealed record Loaf(string Kind, int Minutes)
{
    /// <summary>An iterator: its code runs while it is enumerated.</summary>
    public IEnumerable<string> Slices(int count)
    {
        for (var i = 1; i <= count; i++)
            yield return $"slice {i} of {Kind}{Crumbs(i)}";
    }

    static string Crumbs(int many) => new('.', many);
}
