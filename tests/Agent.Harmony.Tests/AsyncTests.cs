using System.Text.Json;

namespace HarmonyLib.Tests;

/// <summary>
/// Async methods and iterators: the method that starts them, and the MoveNext method that has the code of the source. The compiler's state
/// machine is a class in debug code and a struct in release code; both are here.
/// </summary>
[TestClass]
public sealed class AsyncTests : PatchingTest
{
    static class Source
    {
        public static async Task<int> Add(int left, Task<int> right) => left + await right;

        public static async ValueTask<string> Text(Task<string> text) => await text;

        public static async Task Nothing(Task until) => await until;

        public static async Task<int> Fail(Task until)
        {
            await until;
            throw new InvalidOperationException("failed");
        }

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

        public static async void Forget(Task until, TaskCompletionSource done)
        {
            await until;
            done.SetResult();
        }
    }

    static void SeeLeft(int left) => Seen.Add($"started {left}");
    static void SeeTask(Task __result) => Seen.Add(__result.IsCompleted ? "completed" : "running");
    static void Count() => Seen.Add("call");

    [TestMethod]
    public async Task A_patch_runs_when_the_method_is_started_not_when_it_ends()
    {
        Patch(Method(typeof(Source), nameof(Source.Add)), SeeLeft, SeeTask);
        var right = new TaskCompletionSource<int>();
        var sum = Source.Add(1, right.Task);
        AssertSeen("started 1", "running");
        right.SetResult(2);
        Assert.AreEqual(3, await sum);
        Assert.HasCount(2, Seen);
    }

    static void Wrap(ref ValueTask<string> __result) => __result = Exclaim(__result);
    static async ValueTask<string> Exclaim(ValueTask<string> text) => await text + "!";

    [TestMethod]
    public async Task A_value_task_is_replaced()
    {
        Patch(Method(typeof(Source), nameof(Source.Text)), postfix: Wrap);
        Assert.AreEqual("text!", await Source.Text(Task.FromResult("text")));
    }

    static void SeeException(Exception? __exception) => Seen.Add(__exception?.Message);

    [TestMethod]
    public async Task An_exception_after_the_start_is_in_the_task_not_in_the_finalizer()
    {
        Patch(Method(typeof(Source), nameof(Source.Fail)), finalizer: SeeException);
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Source.Fail(Task.CompletedTask));
        AssertSeen((string?)null);
    }

    [TestMethod]
    public async Task An_async_method_without_a_result()
    {
        Patch(Method(typeof(Source), nameof(Source.Nothing)), Count, Count, Count);
        Patch(Method(typeof(Source), nameof(Source.Forget)), Count, Count, Count);
        await Source.Nothing(Task.CompletedTask);
        var done = new TaskCompletionSource();
        Source.Forget(Task.CompletedTask, done);
        await done.Task;
        Assert.HasCount(6, Seen);
    }

    static void WithZero(ref IEnumerable<int> __result) => __result = __result.Prepend(0);

    [TestMethod]
    public async Task Iterators_are_patched_when_they_are_created()
    {
        Patch(Method(typeof(Source), nameof(Source.Count)), Count, WithZero);
        Patch(Method(typeof(Source), nameof(Source.CountAsync)), Count);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Source.Count(2).ToArray());
        var items = Source.CountAsync(2, Task.CompletedTask);
        Assert.HasCount(2, Seen);
        CollectionAssert.AreEqual(new[] { 1, 2 }, await items.ToArrayAsync(CancellationToken.None));
    }

    static void SeeMove(bool __result) => Seen.Add(__result);

    [TestMethod]
    public void The_code_of_an_iterator_runs_once_per_item()
    {
        Patch(AccessTools.EnumeratorMoveNext(Method(typeof(Source), nameof(Source.Count)))!, postfix: SeeMove);
        Assert.HasCount(2, Source.Count(2).ToList());
        AssertSeen(true, true, false);
    }

    [TestMethod]
    public async Task The_code_of_an_async_method_runs_once_per_part()
    {
        Patch(AccessTools.AsyncMoveNext(Method(typeof(Source), nameof(Source.Add)))!, Count, Count, SeeException);
        var right = new TaskCompletionSource<int>();
        var sum = Source.Add(1, right.Task);
        AssertSeen("call", "call", null);
        right.SetResult(2); // the rest runs in here
        Assert.AreEqual(3, await sum);
        AssertSeen("call", "call", null, "call", "call", null);
    }

    [TestMethod]
    public async Task The_code_of_an_async_iterator()
    {
        Patch(AccessTools.AsyncMoveNext(Method(typeof(Source), nameof(Source.CountAsync)))!, Count);
        CollectionAssert.AreEqual(new[] { 1, 2 }, await Source.CountAsync(2, Task.CompletedTask).ToArrayAsync(CancellationToken.None));
        Assert.HasCount(3, Seen);
    }

    static void SeeStateMachine(object __instance) => Seen.Add(__instance.GetType().IsValueType);

    [TestMethod]
    public async Task The_code_of_an_async_method_compiled_for_release_whose_state_machine_is_a_struct()
    {
        var method = AccessTools.DeclaredMethod(typeof(JsonDocument), nameof(JsonDocument.ParseAsync))!;
        Assert.IsNull(AccessTools.AsyncMoveNext(method));
        var moveNext = AccessTools.AsyncMoveNext(Method(typeof(JsonDocument), "ParseAsyncCore"))!;
        Assert.IsTrue(moveNext.DeclaringType!.IsValueType);
        Patch(moveNext, SeeStateMachine);
        using var document = await JsonDocument.ParseAsync(new MemoryStream("[1, 2]"u8.ToArray()), default, CancellationToken.None);
        Assert.AreEqual(2, document.RootElement.GetArrayLength());
        Assert.Contains(true, Seen);
    }

    [TestMethod]
    public void An_ordinary_method_has_no_MoveNext()
    {
        Assert.IsNull(AccessTools.AsyncMoveNext(Method(typeof(Targets), nameof(Targets.Add))));
        Assert.IsNull(AccessTools.EnumeratorMoveNext(Method(typeof(Targets), nameof(Targets.Add))));
        Assert.IsNull(AccessTools.AsyncMoveNext(Method(typeof(Source), nameof(Source.Count))));
    }
}
