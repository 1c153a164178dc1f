namespace HarmonyLib.Tests.Documentation;

/// <summary>Who runs when: prefixes that skip, postfixes that pass a result through, finalizers that observe, replace and swallow.</summary>
[TestClass]
public sealed class ExecutionPageTests : PatchingTest
{
    static readonly System.Reflection.MethodInfo Join = Method(typeof(Source), nameof(Source.Join)), Divide = Method(typeof(Source), nameof(Source.Divide));

    static class Source
    {
        public static string Join(string left, int right)
        {
            Seen.Add("original");
            return left + right;
        }

        public static int Divide(int left, int right) => left / right;

        public static IEnumerable<int> Numbers(int count) => Enumerable.Range(1, count);
    }

    static bool SkipAll() => false;
    static bool DecideToRun() => true;
    static bool DecideAgain(ref string __result)
    {
        Seen.Add("decides");
        __result = "decided";
        return true;
    }

    static void SeesValues(int right, object __instance, System.Reflection.MethodBase __originalMethod, bool __runOriginal) => Seen.Add("sees values");
    static void SeesState(ref int __state) => Seen.Add("sees state");
    static void SeesReference(string left) => Seen.Add("sees a reference type");
    static void ChangesValue(ref int right) => Seen.Add("changes a value");
    static void SeesArguments(object[] __args) => Seen.Add("sees all arguments");
    static void SeesResult(string __result) => Seen.Add($"result {__result}");

    [TestMethod]
    public void After_a_skip_only_prefixes_that_cannot_affect_the_original_run()
    {
        Patch(Join, SkipAll);
        foreach (var prefix in (Delegate[])[DecideAgain, SeesValues, SeesState, SeesReference, ChangesValue, SeesArguments])
            Patch(Join, prefix);
        Patch(Join, postfix: SeesResult);
        Assert.IsNull(Source.Join("a", 1));
        AssertSeen("sees values", "sees state", "result ");
    }

    [TestMethod]
    public void Before_a_skip_every_prefix_runs()
    {
        Patch(Join, DecideAgain);
        Patch(Join, SeesReference);
        Patch(Join, SkipAll);
        Assert.AreEqual("decided", Source.Join("a", 1));
        AssertSeen("decides", "sees a reference type");
    }

    [TestMethod]
    public void A_prefix_that_returns_true_lets_the_original_run()
    {
        Patch(Join, DecideToRun);
        Assert.AreEqual("a1", Source.Join("a", 1));
        AssertSeen("original");
    }

    static string Exclaim(string __result) => __result + "!";
    static string Repeat(string result, int right) => result + right;
    static int AddOne(int result) => result + 1;

    static IEnumerable<int> EachTwice(IEnumerable<int> numbers, int count)
    {
        foreach (var number in numbers)
        {
            yield return number;
            yield return number;
        }
        yield return count;
    }

    [TestMethod]
    public void Pass_through_postfixes_hand_the_result_on()
    {
        Patch(Join, postfix: Exclaim);
        Patch(Join, postfix: Repeat);
        Assert.AreEqual("a1!1", Source.Join("a", 1));
        Patch(Divide, postfix: AddOne);
        Assert.AreEqual(4, Source.Divide(6, 2));
    }

    [TestMethod]
    public void A_pass_through_postfix_can_be_an_iterator()
    {
        Patch(Method(typeof(Source), nameof(Source.Numbers)), postfix: EachTwice);
        CollectionAssert.AreEqual(new[] { 1, 1, 2, 2, 2 }, Source.Numbers(2).ToArray());
    }

    [TestMethod]
    public void A_pass_through_postfix_must_return_the_methods_type()
    {
        Assert.EndsWith("returns a System.Int32, but the method returns a System.String", Refusal(Join, postfix: AddOne));
        Assert.Contains("the method returns nothing", Refusal(Method(typeof(Targets), nameof(Targets.Nothing)), postfix: AddOne));
    }

    static void Observe(Exception? __exception, int __result) => Seen.Add($"{__exception?.GetType().Name} {__result}");
    static Exception? SwallowWithResult(Exception? __exception, ref int __result)
    {
        if (__exception is not null)
            __result = -1;
        return null;
    }
    static NotSupportedException? Replace(Exception? __exception) => __exception is null ? null : new NotSupportedException("replaced", __exception);
    static NotSupportedException? Invent() => new NotSupportedException("invented");
    static DivideByZeroException? KeepTyped(Exception? __exception) => __exception as DivideByZeroException;

    [TestMethod]
    public void A_finalizer_observes_success_and_failure()
    {
        Patch(Divide, finalizer: Observe);
        Assert.AreEqual(3, Source.Divide(6, 2));
        Assert.ThrowsExactly<DivideByZeroException>(() => Source.Divide(1, 0));
        AssertSeen(" 3", "DivideByZeroException 0");
    }

    [TestMethod]
    public void A_finalizer_swallows_and_gives_a_result()
    {
        Patch(Divide, finalizer: SwallowWithResult);
        Assert.AreEqual((3, -1), (Source.Divide(6, 2), Source.Divide(1, 0)));
    }

    [TestMethod]
    public void A_finalizer_replaces_the_exception_and_the_next_one_sees_that()
    {
        Patch(Divide, finalizer: Replace);
        Patch(Divide, finalizer: Observe);
        Assert.IsInstanceOfType<DivideByZeroException>(Assert.ThrowsExactly<NotSupportedException>(() => Source.Divide(1, 0)).InnerException);
        Assert.AreEqual(3, Source.Divide(6, 2));
        AssertSeen("NotSupportedException 0", " 3");
    }

    [TestMethod]
    public void A_finalizer_may_throw_after_a_success()
    {
        Patch(Divide, finalizer: Invent);
        Assert.AreEqual("invented", Assert.ThrowsExactly<NotSupportedException>(() => Source.Divide(6, 2)).Message);
        Assert.AreEqual("invented", Assert.ThrowsExactly<NotSupportedException>(() => Source.Divide(1, 0)).Message);
    }

    static void Keep(Exception __exception) => Seen.Add(__exception);

    [TestMethod]
    public void An_exception_reaches_the_caller_as_the_same_object_with_the_same_stack_trace()
    {
        Patch(Divide, finalizer: Keep);
        Patch(Divide, finalizer: KeepTyped);
        var thrown = Assert.ThrowsExactly<DivideByZeroException>(() => Source.Divide(1, 0));
        Assert.AreSame(thrown, Seen.Single());
        Assert.AreEqual(1, thrown.StackTrace!.Split("Source.Divide(").Length - 1, "the rethrow adds no line of its own");
    }

    [TestMethod]
    public void A_finalizer_swallows_and_the_result_is_the_default()
    {
        static Exception? Swallow() => null;
        Patch(Divide, finalizer: Swallow);
        Assert.AreEqual(0, Source.Divide(1, 0));
    }

    [TestMethod]
    public void Postfixes_do_not_run_after_an_exception_finalizers_do()
    {
        static void Postfix() => Seen.Add("postfix");
        Patch(Divide, postfix: Postfix, finalizer: Observe);
        Assert.ThrowsExactly<DivideByZeroException>(() => Source.Divide(1, 0));
        AssertSeen("DivideByZeroException 0");
    }

    [TestMethod]
    public void Finalizers_run_when_the_original_was_skipped()
    {
        Patch(Divide, SkipAll, finalizer: Observe);
        Assert.AreEqual(0, Source.Divide(1, 0));
        AssertSeen(" 0");
    }
}
