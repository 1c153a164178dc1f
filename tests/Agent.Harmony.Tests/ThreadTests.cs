using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib.Rejit;

namespace HarmonyLib.Tests;

/// <summary>Patches come and go while other threads are inside the method or call it.</summary>
[TestClass]
public sealed class ThreadTests : PatchingTest
{
    static readonly ManualResetEventSlim Inside = new(), GoOn = new();
    static volatile bool _stop;
    static int _calls;

    [TestInitialize]
    public void Reset()
    {
        Inside.Reset();
        GoOn.Reset();
        (_stop, _calls) = (false, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int WaitInside(int value, bool wait)
    {
        if (wait)
        {
            Inside.Set();
            GoOn.Wait();
        }
        return value * 2;
    }

    /// <summary>Asked by LoopWhile; by the time it says «inside», the loop was replaced on the stack by optimized code.</summary>
    static bool LoopUntilStopped(long round)
    {
        if (round == 200_000)
            Inside.Set();
        return !_stop;
    }

    static int Contended(int value) => value;

    static void Add1000(ref int __result)
    {
        Interlocked.Increment(ref _calls);
        __result += 1000;
    }

    [TestMethod]
    public void A_thread_inside_the_method_finishes_the_body_it_started()
    {
        var inside = Task.Factory.StartNew(() => WaitInside(1, wait: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Inside.Wait();
        Patch(Method(typeof(ThreadTests), nameof(WaitInside)), postfix: Add1000);
        Assert.AreEqual(1004, WaitInside(2, wait: false));
        GoOn.Set();
        Assert.AreEqual(2, inside.Result);
        Assert.AreEqual(1, _calls);
    }

    [TestMethod]
    public void A_thread_inside_a_patched_method_finishes_it_with_its_patches_after_they_were_taken_out()
    {
        Patch(Method(typeof(ThreadTests), nameof(WaitInside)), postfix: Add1000);
        var inside = Task.Factory.StartNew(() => WaitInside(1, wait: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Inside.Wait();
        Guarded.UnpatchAll();
        Assert.AreEqual(4, WaitInside(2, wait: false));
        Engine.Collect();
        GoOn.Set();
        Assert.AreEqual(1002, inside.Result);
        Assert.AreEqual(1, _calls);
    }

    [TestMethod]
    public void A_loop_that_was_replaced_on_the_stack_finishes_as_it_started()
    {
        var loop = EmittedTargets.Delegate<Func<int, Func<long, bool>, int>>("LoopWhile");
        var looping = Task.Factory.StartNew(() => loop(1, LoopUntilStopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Inside.Wait();
        Patch(EmittedTargets.Method("LoopWhile"), postfix: Add1000);
        _stop = true;
        Assert.AreEqual(1, looping.Result);
        Assert.AreEqual(1002, loop(2, LoopUntilStopped));
    }

    [TestMethod]
    public void A_loop_in_a_patched_body_is_replaced_on_the_stack()
    {
        var loop = EmittedTargets.Delegate<Func<int, Func<long, bool>, int>>("LoopWhile");
        Patch(EmittedTargets.Method("LoopWhile"), postfix: Add1000);
        var looping = Task.Factory.StartNew(() => loop(1, LoopUntilStopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Inside.Wait();
        Guarded.UnpatchAll();
        _stop = true;
        Assert.AreEqual(1001, looping.Result);
        Assert.AreEqual(2, loop(2, LoopUntilStopped));
    }

    [TestMethod]
    public void A_method_that_is_inlined_in_optimized_code_is_patched_again_and_again()
    {
        var caller = EmittedTargets.Delegate<Func<int, int>>("CallsSmall");
        Assert.AreEqual(4, caller(1));
        for (var i = 1; i <= 20; i++)
        {
            Patch(EmittedTargets.Method("Small"), postfix: Add1000);
            Assert.AreEqual(2004, caller(1));
            Guarded.UnpatchAll();
            Assert.AreEqual(4, caller(1));
            Assert.AreEqual(2 * i, _calls);
        }
    }

    [TestMethod]
    public void Optimized_code_is_patched_itself()
    {
        var caller = EmittedTargets.Delegate<Func<int, int>>("CallsSmall");
        Assert.AreEqual(4, caller(1));
        Patch(EmittedTargets.Method("CallsSmall"), postfix: Add1000);
        Assert.AreEqual(1004, caller(1));
        Guarded.UnpatchAll();
        Assert.AreEqual(4, caller(1));
    }

    static void First(ref int __result) => __result += 1;
    static void Second(ref int __result) => __result += 1_000_000;

    [TestMethod]
    public void Two_threads_that_patch_one_method_lose_no_patch()
    {
        const int patches = 40;
        var method = Method(typeof(ThreadTests), nameof(Contended));
        using var start = new Barrier(2);
        Parallel.Invoke(() => AddMany("first", First), () => AddMany("second", Second));
        Assert.AreEqual(patches * 1_000_001, Contended(0));
        Assert.HasCount(2 * patches, Harmony.GetPatchInfo(method)!.Postfixes);
        CollectionAssert.AllItemsAreUnique(Harmony.GetPatchInfo(method)!.Postfixes.Select(patch => patch.index).ToList());

        void AddMany(string owner, Delegate postfix)
        {
            start.SignalAndWait();
            for (var i = 0; i < patches; i++)
                Patch(new Harmony(owner), method, postfix: postfix);
        }
    }

    [TestMethod]
    public void Two_threads_that_patch_different_methods_lose_no_patch()
    {
        MethodInfo[] methods = [.. typeof(Many).GetMethods(AccessTools.allDeclared)];
        Parallel.Invoke([.. Enumerable.Range(0, 4).Select(part => (Action)(() =>
        {
            for (var i = part; i < methods.Length; i += 4)
                Patch(methods[i], postfix: Add1000);
        }))]);
        CollectionAssert.AreEquivalent(methods, Harmony.GetAllPatchedMethods().ToArray());
        foreach (var method in methods)
            Assert.AreEqual(1005, method.Invoke(null, [5]));
    }

    [TestMethod]
    public void Of_two_threads_that_take_out_one_patch_only_one_has_done_it()
    {
        var method = Method(typeof(ThreadTests), nameof(Contended));
        using var start = new Barrier(2);
        Patch(method, prefix: Count); // stays, so that taking out the other one takes its time
        for (var i = 0; i < 50; i++)
        {
            Patch(method, postfix: Add1000);
            var taken = 0;
            Parallel.Invoke(RemoveOnce, RemoveOnce);
            Assert.AreEqual(1, taken);

            void RemoveOnce()
            {
                start.SignalAndWait();
                if (PatchTable.Remove([method], static patch => patch.Kind == PatchKind.Postfix))
                    Interlocked.Increment(ref taken);
            }
        }
    }

    static void Count() => _calls++;

    static class Many
    {
        public static int A(int value) => value;
        public static int B(int value) => value;
        public static int C(int value) => value;
        public static int D(int value) => value;
        public static int E(int value) => value;
        public static int F(int value) => value;
        public static int G(int value) => value;
        public static int H(int value) => value;
    }

    static void Remember(long argument0, out long __state) => __state = argument0;

    static void Check(long argument0, long __state, ref long __result)
    {
        Interlocked.Increment(ref _calls);
        if (__state == argument0 && __result == argument0 * 3 + 1)
            __result = -__result;
    }

    [TestMethod]
    public void Calls_are_right_while_patches_come_and_go()
    {
        var method = EmittedTargets.Method("Compute");
        var compute = EmittedTargets.Delegate<Func<long, long>>("Compute");
        var (plain, patched, wrong) = (0L, 0L, 0L);
        void Call()
        {
            for (var i = 1L; !_stop; i++)
            {
                var result = compute(i);
                if (result == i * 3 + 1)
                    Interlocked.Increment(ref plain);
                else if (result == -(i * 3 + 1))
                    Interlocked.Increment(ref patched);
                else
                    Interlocked.Increment(ref wrong);
            }
        }
        var callers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            Patch(method, Remember, finalizer: Check);
            Guarded.UnpatchAll();
        }
        _stop = true;
        Task.WaitAll(callers);
        Assert.AreEqual(0, wrong);
        Assert.IsPositive(plain);
        Assert.AreEqual(_calls, patched);
        Assert.AreEqual(4L, compute(1));
    }

    static int Other(int value) => value;
    static void PatchOther() => Patch(new Harmony("inner"), Method(typeof(ThreadTests), nameof(Other)), postfix: Add1000);

    [TestMethod]
    public void A_patch_may_patch_another_method()
    {
        Patch(Method(typeof(ThreadTests), nameof(Contended)), prefix: PatchOther);
        Assert.AreEqual(5, Contended(5));
        Assert.AreEqual(1005, Other(5));
    }

    static void TakeMeOut() => new Harmony(Owner).UnpatchAll(Owner);

    [TestMethod]
    public void A_patch_may_take_itself_out()
    {
        Patch(Method(typeof(ThreadTests), nameof(Contended)), prefix: TakeMeOut, postfix: Add1000);
        Assert.AreEqual(1005, Contended(5));
        Assert.AreEqual(5, Contended(5));
    }
}
