namespace HarmonyLib.Tests;

/// <summary>Iterators, also async ones, have state machines in code that is compiled as runtime-async, too.</summary>
[TestClass]
public sealed class IteratorTests : PatchingTest
{
    static class Iterators
    {
        public static IEnumerable<int> Count(int to)
        {
            for (var i = 1; i <= to; i++)
                yield return i;
        }

        public static async IAsyncEnumerable<int> CountAsync(int to, Task until)
        {
            await until;
            for (var i = 1; i <= to; i++)
                yield return i;
        }
    }

    static void Count() => Seen.Add("call");
    static void SeeMove(bool __result) => Seen.Add(__result);

    [TestMethod]
    public async Task They_are_patched_where_they_are_created()
    {
        Patch(Method(typeof(Iterators), nameof(Iterators.Count)), Count, Count);
        Patch(Method(typeof(Iterators), nameof(Iterators.CountAsync)), Count, Count);
        CollectionAssert.AreEqual(new[] { 1, 2 }, Iterators.Count(2).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2 }, await Iterators.CountAsync(2, Task.CompletedTask).ToArrayAsync(CancellationToken.None));
        Assert.HasCount(4, Seen);
    }

    [TestMethod]
    public async Task Their_code_is_in_MoveNext()
    {
        Patch(AccessTools.EnumeratorMoveNext(Method(typeof(Iterators), nameof(Iterators.Count)))!, postfix: SeeMove);
        Assert.HasCount(2, Iterators.Count(2).ToList());
        AssertSeen(true, true, false);
        Seen.Clear();
        var code = AccessTools.AsyncMoveNext(Method(typeof(Iterators), nameof(Iterators.CountAsync)))!;
        Assert.IsFalse(AccessTools.IsRuntimeAsync(code));
        Patch(code, Count);
        CollectionAssert.AreEqual(new[] { 1, 2 }, await Iterators.CountAsync(2, Task.CompletedTask).ToArrayAsync(CancellationToken.None));
        Assert.HasCount(3, Seen);
    }
}
