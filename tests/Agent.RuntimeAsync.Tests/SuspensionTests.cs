using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>Patches that come and go while calls of a runtime-async method are suspended. A call ends in the body it began in.</summary>
[TestClass]
public sealed class SuspensionTests : PatchingTest
{
    static readonly MethodInfo Target = Method(typeof(Source), nameof(Source.InTry));

    static int s_prefixes, s_finalizers, s_calls;

    static void CountPrefix() => Interlocked.Increment(ref s_prefixes);
    static void CountFinalizer() => Interlocked.Increment(ref s_finalizers);
    static void Prefix() => Seen.Add("prefix");
    static void Finalizer() => Seen.Add("finalizer");

    [TestMethod]
    public async Task Patched_while_a_call_is_suspended()
    {
        var (before, after) = (new Call(Ending.Later), new Call(Ending.Later));
        var first = Source.InTry(before, []);
        Patch(Target, Prefix, finalizer: Finalizer);
        var second = Source.InTry(after, []);
        AssertSeen("prefix");
        before.Open();
        Assert.AreEqual("result", await first);
        AssertSeen("prefix");
        after.Open();
        Assert.AreEqual("result", await second);
        AssertSeen("prefix", "finalizer");
    }

    [TestMethod]
    public async Task Taken_out_while_a_call_is_suspended()
    {
        Patch(Target, Prefix, finalizer: Finalizer);
        var call = new Call(Ending.ThrowsLater);
        var task = Source.InTry(call, []);
        Guarded.UnpatchAll();
        Assert.AreEqual("result", await Source.InTry(new Call(Ending.AtOnce), []));
        AssertSeen("prefix");
        call.Open();
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => task);
        AssertSeen("prefix", "finalizer");
    }

    [TestMethod]
    public async Task Patches_come_and_go_under_load_and_garbage_collection()
    {
        using var end = new CancellationTokenSource();
        (s_prefixes, s_finalizers, s_calls) = (0, 0, 0);
        var callers = Enumerable.Range(0, 2).Select(_ => Task.Run(CallAgainAndAgain, CancellationToken.None)).ToArray();
        for (var i = 0; i < 100 || Volatile.Read(ref s_calls) < 1000 || Volatile.Read(ref s_prefixes) == 0; i++)
        {
            Patch(Target, CountPrefix, finalizer: CountFinalizer);
            GC.Collect(i % 3, GCCollectionMode.Forced, blocking: i % 2 == 0);
            Guarded.UnpatchAll();
        }
        await end.CancelAsync();
        await Task.WhenAll(callers);
        Assert.AreEqual(s_prefixes, s_finalizers);

        async Task CallAgainAndAgain()
        {
            while (!end.IsCancellationRequested)
            {
                var ending = (Ending)(Interlocked.Increment(ref s_calls) % 6);
                var call = new Call(ending);
                var log = new List<string>();
                var task = Source.InTry(call, log);
                await Task.Yield();
                call.Open();
                try
                {
                    Assert.AreEqual("result", await task);
                    Assert.IsTrue(ending is Ending.AtOnce or Ending.Later);
                }
                catch (InvalidOperationException e)
                {
                    Assert.AreSame(call.Failure, e);
                }
                catch (OperationCanceledException)
                {
                    Assert.IsTrue(ending is Ending.CancelledAtOnce or Ending.CancelledLater);
                }
                Assert.AreEqual("finally", log[^1]);
            }
        }
    }

    [TestMethod]
    public async Task Patched_after_it_was_compiled_and_inlined_where_it_awaits()
    {
        for (var i = 0; i < 100_000; i++) // until the JIT has compiled it and its callers for good
            await Caller(new Call(Ending.AtOnce));
        Patch(Target, Prefix);
        await Caller(new Call(Ending.AtOnce));
        AssertSeen("prefix");

        static async Task<string> Caller(Call call) => await Source.InTry(call, []);
    }
}
