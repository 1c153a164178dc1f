using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests;

/// <summary>Whatever stands in a method's body does the same after it was moved into a woven one.</summary>
[TestClass]
public sealed class BodyTests : PatchingTest
{
    static void Before() => Seen.Add("before");
    static void After() => Seen.Add("after");
    static void AtEnd(Exception? __exception) => Seen.Add(__exception?.GetType().Name ?? "end");

    /// <summary>With every kind of patch around it.</summary>
    void PatchEmitted(string name) => Patch(EmittedTargets.Method(name), Before, After, AtEnd);

    [TestMethod]
    public void Short_branches_over_code_that_grows()
    {
        PatchEmitted("EarlyReturns");
        var method = EmittedTargets.Delegate<Func<int, int>>("EarlyReturns");
        Assert.AreEqual((1, 2, 1), (method(0), method(5), method(-5)));
        Assert.HasCount(9, Seen);
    }

    [TestMethod]
    public void A_body_of_more_than_64_kilobytes()
    {
        Assert.IsGreaterThan(65_536, EmittedTargets.Method("HugeBody").GetMethodBody()!.GetILAsByteArray()!.Length);
        PatchEmitted("HugeBody");
        var method = EmittedTargets.Delegate<Func<int, int>>("HugeBody");
        Assert.AreEqual((40_002, -1), (method(2), method(-1)));
        AssertSeen("before", "after", "end", "before", "after", "end");
    }

    [TestMethod]
    public void A_switch_with_300_cases()
    {
        PatchEmitted("HugeSwitch");
        var method = EmittedTargets.Delegate<Func<int, int>>("HugeSwitch");
        CollectionAssert.AreEqual(new[] { -1, 0, 1, 299 * 299, -1 }, new[] { -1, 0, 1, 299, 300 }.Select(method).ToArray());
    }

    [TestMethod]
    public void A_fault_handler_runs_only_for_an_exception()
    {
        PatchEmitted("Fault");
        var method = EmittedTargets.Delegate<Func<int, List<string>, int>>("Fault");
        var log = new List<string>();
        Assert.AreEqual(5, method(2, log));
        Assert.IsEmpty(log);
        Assert.ThrowsExactly<DivideByZeroException>(() => method(0, log));
        CollectionAssert.AreEqual(new[] { "fault" }, log);
        AssertSeen("before", "after", "end", "before", "DivideByZeroException");
    }

    [TestMethod]
    public void A_body_without_any_return()
    {
        PatchEmitted("TryToTheEnd");
        var log = new List<string>();
        Assert.ThrowsExactly<InvalidOperationException>(() => EmittedTargets.Delegate<Action<List<string>>>("TryToTheEnd")(log));
        CollectionAssert.AreEqual(new[] { "finally" }, log);
        AssertSeen("before", "InvalidOperationException");
    }

    [TestMethod]
    public void A_tail_call_is_called_before_the_patches_that_come_after()
    {
        Patch(EmittedTargets.Method("TailCalls"), Before, After, AtEnd);
        Patch(EmittedTargets.Method("TailCalled"), postfix: AddHundred);
        Assert.AreEqual(112, EmittedTargets.Delegate<Func<int, int>>("TailCalls")(5));
        AssertSeen("before", 12, "after", "end");
    }

    static void AddHundred(ref int __result)
    {
        Seen.Add(__result);
        __result += 100;
    }

    [TestMethod]
    public void What_is_thrown_and_is_no_exception_reaches_the_caller_and_finalizers_wrapped()
    {
        var method = EmittedTargets.Delegate<Func<string, int>>("ThrowString");
        Patch(EmittedTargets.Method("ThrowString"), Before, After, SeeWrapped);
        Assert.AreEqual("text", Assert.ThrowsExactly<RuntimeWrappedException>(() => method("text")).WrappedException);
        AssertSeen("before", "text");
    }

    static void SeeWrapped(Exception __exception) => Seen.Add(((RuntimeWrappedException)__exception).WrappedException);

    [TestMethod]
    public void A_finalizer_can_swallow_what_is_no_exception()
    {
        Patch(EmittedTargets.Method("ThrowString"), finalizer: Swallow);
        Assert.AreEqual(7, EmittedTargets.Delegate<Func<string, int>>("ThrowString")("text"));
    }

    static Exception? Swallow(ref int __result)
    {
        __result = 7;
        return null;
    }

    [TestMethod]
    public void Handlers_of_the_original_still_catch_what_is_no_exception()
    {
        PatchEmitted("CatchString");
        Assert.AreEqual("text", EmittedTargets.Delegate<Func<string, object>>("CatchString")("text"));
        AssertSeen("before", "after", "end");
    }

    [TestMethod]
    public void Custom_modifiers_on_result_and_parameters()
    {
        Patch(EmittedTargets.Method("Modifiers"), SeeText, Shout, SeeNumber);
        var arguments = new object?[] { "text", 1 };
        Assert.AreEqual("TEXT", EmittedTargets.Method("Modifiers").Invoke(null, arguments));
        Assert.AreEqual(6, arguments[1]);
        AssertSeen("text 1", 5);
    }

    static void SeeText(string text, int number) => Seen.Add($"{text} {number}");
    static void Shout(ref string __result) => __result = __result.ToUpperInvariant();
    static void SeeNumber(ref int number) => Seen.Add(number++);

    [TestMethod]
    [DataRow("ManyVariables", 7)]
    [DataRow("DeepStack", 700)]
    [DataRow("UninitializedVariables", 7)]
    [DataRow("PrefixedInstructions", 8)]
    public void Unusual_bodies_return_what_they_did(string name, int expected)
    {
        var method = EmittedTargets.Delegate<Func<int, int>>(name);
        Assert.AreEqual(expected, method(7));
        PatchEmitted(name);
        Assert.AreEqual(expected, method(7));
        AssertSeen("before", "after", "end");
    }

    [TestMethod]
    public void A_skipped_method_with_uninitialized_variables_returns_its_default_value()
    {
        Patch(EmittedTargets.Method("UninitializedVariables"), prefix: Skip);
        Assert.AreEqual(0, EmittedTargets.Delegate<Func<int, int>>("UninitializedVariables")(7));
    }

    static bool Skip() => false;

    static class Source
    {
        public static string Nested(int value, List<string> log)
        {
            try
            {
                try
                {
                    try
                    {
                        log.Add("try");
                        if (value < 0)
                            throw new ArgumentException("negative");
                        if (value == 0)
                            return "zero";
                        for (var i = 0; i < 3; i++)
                        {
                            try
                            {
                                if (i == value)
                                    continue;
                                if (i > value)
                                    break;
                            }
                            finally
                            {
                                log.Add($"loop {i}");
                            }
                        }
                        return value.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    }
                    catch (ArgumentException e) when (Filter(e, log, matches: false))
                    {
                        return "wrong filter";
                    }
                    finally
                    {
                        log.Add("inner finally");
                    }
                }
                catch (ArgumentException e) when (Filter(e, log, matches: true))
                {
                    log.Add("catch");
                    throw;
                }
            }
            catch (Exception e)
            {
                return $"caught {e.Message}";
            }
            finally
            {
                log.Add("outer finally");
            }
        }

        static bool Filter(Exception e, List<string> log, bool matches)
        {
            log.Add($"filter {matches} {e.Message}");
            return matches;
        }

        public static unsafe int Stackalloc(int size)
        {
            var numbers = stackalloc int[size];
            for (var i = 0; i < size; i++)
                numbers[i] = i;
            var sum = 0;
            for (var i = 0; i < size; i++)
                sum += numbers[i];
            return sum;
        }

        public static unsafe int Pinned(int[] values)
        {
            fixed (int* first = values)
                return *first + first[1];
        }

        public static int Locked(object gate, int value)
        {
            lock (gate)
                return value + (Monitor.IsEntered(gate) ? 1 : 0);
        }

        [MethodImpl(MethodImplOptions.Synchronized)]
        public static bool Synchronized() => Monitor.IsEntered(typeof(Source));

        public static IDisposable? Using(List<string> log)
        {
            using var first = new Disposable("first", log);
            using var second = new Disposable("second", log);
            return first;
        }

        sealed class Disposable(string name, List<string> log) : IDisposable
        {
            public void Dispose() => log.Add(name);
        }
    }

    [TestMethod]
    public void Nested_try_catch_filter_finally()
    {
        (string, string) Run(int value)
        {
            var log = new List<string>();
            return (Source.Nested(value, log), string.Join(", ", log));
        }
        var expected = new[] { -1, 0, 1, 2, 5 }.Select(Run).ToList();
        Assert.AreEqual(("caught negative", "try, filter False negative, filter True negative, inner finally, catch, outer finally"), expected[0]);
        Patch(Method(typeof(Source), nameof(Source.Nested)), Before, After, AtEnd);
        CollectionAssert.AreEqual(expected, new[] { -1, 0, 1, 2, 5 }.Select(Run).ToList());
        Assert.HasCount(15, Seen);
    }

    [TestMethod]
    public void Memory_on_the_stack()
    {
        Patch(Method(typeof(Source), nameof(Source.Stackalloc)), Before, After, AtEnd);
        Assert.AreEqual(499_500, Source.Stackalloc(1000));
        AssertSeen("before", "after", "end");
    }

    [TestMethod]
    public void Pinned_variables()
    {
        Patch(Method(typeof(Source), nameof(Source.Pinned)), Before, After, AtEnd);
        Assert.AreEqual(30, Source.Pinned([10, 20]));
        AssertSeen("before", "after", "end");
    }

    [TestMethod]
    public void Locks_are_taken_and_given_back()
    {
        Patch(Method(typeof(Source), nameof(Source.Locked)), Before, After, AtEnd);
        Patch(Method(typeof(Source), nameof(Source.Synchronized)), Before, After, AtEnd);
        var gate = new object();
        Assert.AreEqual(6, Source.Locked(gate, 5));
        Assert.IsFalse(Monitor.IsEntered(gate));
        Assert.IsTrue(Source.Synchronized());
        Assert.IsFalse(Monitor.IsEntered(typeof(Source)));
        Assert.HasCount(6, Seen);
    }

    [TestMethod]
    public void Using_declarations_dispose_in_their_order()
    {
        Patch(Method(typeof(Source), nameof(Source.Using)), Before, After, AtEnd);
        var log = new List<string>();
        Assert.IsNotNull(Source.Using(log));
        CollectionAssert.AreEqual(new[] { "second", "first" }, log);
        AssertSeen("before", "after", "end");
    }
}
