using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>Without the guard a patch is part of the method, as in HarmonyLib; with it, the caller never notices that a patch fails.</summary>
[TestClass]
public sealed class FinalizerPageTests : PatchingTest
{
    static readonly MethodInfo Divide = Method(typeof(FinalizerPageTests), nameof(DivideOriginal));

    static int DivideOriginal(int left, int right)
    {
        Seen.Add("original");
        return left / right;
    }

    static void ThrowBefore() => throw new FormatException("prefix");
    static bool ThrowDeciding() => throw new FormatException("prefix");
    static void ThrowAfter() => throw new FormatException("postfix");
    static void ThrowAtEnd() => throw new FormatException("finalizer");
    static Exception? ThrowReplacing(Exception? __exception) => throw new FormatException("finalizer", __exception);
    static void Postfix() => Seen.Add("postfix");
    static void Observe(Exception? __exception) => Seen.Add(__exception?.Message ?? "success");
    static Exception? Swallow() => null;

    static string Message(Action action) => Assert.ThrowsExactly<FormatException>(action).Message;

    [TestMethod]
    public void An_exception_of_a_prefix_reaches_finalizers_and_the_caller()
    {
        Patch(Plain, Divide, ThrowBefore, Postfix, Observe);
        Assert.AreEqual("prefix", Message(() => DivideOriginal(1, 0)));
        AssertSeen("prefix");
    }

    [TestMethod]
    public void An_exception_of_a_postfix_reaches_finalizers_and_the_caller()
    {
        Patch(Plain, Divide, postfix: ThrowAfter, finalizer: Observe);
        Assert.AreEqual("postfix", Message(() => DivideOriginal(6, 2)));
        AssertSeen("original", "postfix");
    }

    [TestMethod]
    public void An_exception_of_a_patch_reaches_the_caller_without_any_finalizer()
    {
        Patch(Plain, Divide, ThrowBefore);
        Assert.AreEqual("prefix", Message(() => DivideOriginal(6, 2)));
        AssertSeen();
    }

    [TestMethod]
    public void A_finalizer_swallows_the_exception_of_a_prefix()
    {
        Patch(Plain, Divide, ThrowBefore, finalizer: Swallow);
        Assert.AreEqual(0, DivideOriginal(6, 2));
    }

    [TestMethod]
    public void A_finalizer_that_throws_does_not_hide_the_exception_in_flight()
    {
        Patch(Plain, Divide, finalizer: ThrowAtEnd);
        Patch(Plain, Divide, finalizer: ThrowReplacing);
        Patch(Plain, Divide, finalizer: Observe);
        var message = Assert.ThrowsExactly<DivideByZeroException>(() => DivideOriginal(1, 0)).Message;
        AssertSeen("original", message);
    }

    [TestMethod]
    public void A_finalizer_that_throws_after_a_success_reaches_the_caller()
    {
        Patch(Plain, Divide, finalizer: ThrowAtEnd);
        Assert.AreEqual("finalizer", Message(() => DivideOriginal(6, 2)));
    }

    [TestMethod]
    public void A_finalizer_that_throws_after_a_success_lets_all_finalizers_see_that()
    {
        Patch(Plain, Divide, finalizer: Observe);
        Patch(Plain, Divide, finalizer: ThrowAtEnd);
        Assert.AreEqual("finalizer", Message(() => DivideOriginal(6, 2)));
        AssertSeen("original", "success", "finalizer");
        Patch(Plain, Divide, finalizer: Swallow);
        Assert.AreEqual(3, DivideOriginal(6, 2));
    }

    [TestMethod]
    public void A_guarded_patch_and_a_plain_one_in_the_same_method()
    {
        Patch(new Harmony("guarded"), Divide, ThrowBefore);
        Patch(Plain, Divide, postfix: ThrowAfter);
        Assert.AreEqual("postfix", Message(() => DivideOriginal(6, 2)));
        AssertSeen("original");
        ExpectReports("FinalizerPageTests.ThrowBefore failed in");
    }

    [TestMethod]
    public void Nothing_that_a_guarded_patch_throws_reaches_the_caller()
    {
        Patch(Divide, ThrowBefore, ThrowAfter, ThrowAtEnd);
        Patch(Divide, ThrowDeciding, Postfix, ThrowReplacing);
        Assert.AreEqual(3, DivideOriginal(6, 2));
        var thrown = Assert.ThrowsExactly<DivideByZeroException>(() => DivideOriginal(1, 0));
        Assert.Contains(nameof(DivideOriginal), thrown.StackTrace!);
        AssertSeen("original", "postfix", "original");
        ExpectReports("FinalizerPageTests.ThrowBefore failed in", "FinalizerPageTests.ThrowDeciding failed in", "FinalizerPageTests.ThrowAfter failed in", "FinalizerPageTests.ThrowAtEnd failed in", "FinalizerPageTests.ThrowReplacing failed in");
    }

    static void ChangeAndThrow(ref int right, ref int __result)
    {
        (right, __result) = (3, 100);
        throw new FormatException("too late");
    }

    [TestMethod]
    public void What_a_failing_patch_changed_before_stays_changed()
    {
        Patch(Divide, ChangeAndThrow);
        Assert.AreEqual(2, DivideOriginal(6, 2));
        ExpectReports("FinalizerPageTests.ChangeAndThrow failed in");
    }

    /// <summary>Exactly these were reported, each once, in this order.</summary>
    static void ExpectReports(params string[] starts)
    {
        lock (Engine.Reports)
        {
            Assert.HasCount(starts.Length, Engine.Reports, string.Join('\n', Engine.Reports));
            foreach (var (report, start) in Engine.Reports.Zip(starts))
                Assert.StartsWith(start, report);
            Engine.Reports.Clear();
        }
    }

    sealed class Oops(string message, Exception? inner) : Exception(message, inner);

    static Exception? Suppress() => null;
    static void Watch(Exception? __exception) => Seen.Add(__exception?.Message);
    static Exception? Remap(Exception? __exception) => __exception is null ? __exception : new Oops("oops", __exception);

    static readonly MethodInfo Fails = Method(typeof(Targets), nameof(Targets.Throws));

    [TestMethod]
    public void Any_exception_is_suppressed()
    {
        Patch(Plain, Fails, finalizer: Suppress);
        Assert.AreEqual(0, Targets.Throws("m"));
    }

    [TestMethod]
    public void An_exception_is_observed_and_goes_on()
    {
        Patch(Plain, Fails, finalizer: Watch);
        Assert.AreEqual("m", Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("m")).Message);
        AssertSeen("m");
    }

    [TestMethod]
    public void An_exception_is_changed()
    {
        Patch(Plain, Fails, finalizer: Remap);
        Assert.AreEqual("m", Assert.ThrowsExactly<Oops>(() => Targets.Throws("m")).InnerException!.Message);
    }

    static void Everything(string message, int __result, bool __runOriginal, MethodBase __originalMethod, object[] __args) =>
        Seen.Add($"{message} {__result} {__runOriginal} {__originalMethod.Name} {__args.Length}");

    [TestMethod]
    public void It_has_what_a_postfix_has()
    {
        Patch(Plain, Fails, finalizer: Everything);
        Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("m"));
        AssertSeen("m 0 True Throws 1");
    }
}
