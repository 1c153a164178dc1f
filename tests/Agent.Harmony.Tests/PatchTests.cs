using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>Every kind of patch and injected parameter on every kind of method, checked by what the caller gets.</summary>
[TestClass]
public sealed class PatchTests
{
    static readonly List<object?> Seen = [];
    readonly Harmony _harmony = new("tests");

    [TestInitialize]
    public void Clear()
    {
        Seen.Clear();
        lock (Engine.Reports)
            Engine.Reports.Clear();
    }

    [TestCleanup]
    public void TakeOut()
    {
        _harmony.UnpatchAll("tests");
        Assert.IsEmpty(_harmony.GetPatchedMethods());
    }

    static MethodInfo Target(string name) => typeof(Targets).GetMethod(name)!;

    void Patch(string name, Delegate? prefix = null, Delegate? postfix = null, Delegate? finalizer = null) =>
        Patch(Target(name), prefix, postfix, finalizer);

    void Patch(MethodBase target, Delegate? prefix = null, Delegate? postfix = null, Delegate? finalizer = null) => _harmony.Patch(target,
        prefix is null ? null : new HarmonyMethod(prefix.Method),
        postfix is null ? null : new HarmonyMethod(postfix.Method),
        finalizer: finalizer is null ? null : new HarmonyMethod(finalizer.Method));

    // Static local functions and lambdas would be instance methods of a closure class, so the patches are plain static methods.
    static void SeeLeftRight(int left, int right) => Seen.Add((left, right));
    static void SeeResult(int __result) => Seen.Add(__result);
    static void AddTen(ref int __result) => __result += 10;
    static void SeeException(Exception? __exception) => Seen.Add(__exception);
    static void Count() => Seen.Add("call");

    [TestMethod]
    public void Static_method_arguments_by_name_and_result()
    {
        Assert.AreEqual(5, Targets.Add(2, 3));
        Patch(nameof(Targets.Add), prefix: SeeLeftRight, postfix: SeeResult);
        Assert.AreEqual(5, Targets.Add(2, 3));
        CollectionAssert.AreEqual(new object[] { (2, 3), 5 }, Seen);
        _harmony.UnpatchAll("tests");
        Assert.AreEqual(9, Targets.Add(4, 5));
        Assert.HasCount(2, Seen);
    }

    [TestMethod]
    public void Result_by_reference_can_be_changed()
    {
        Patch(nameof(Targets.Add), postfix: AddTen);
        Assert.AreEqual(15, Targets.Add(2, 3));
    }

    static void ChangeFirst(ref int __0) => __0 = 100;

    [TestMethod]
    public void Argument_by_index_and_reference_can_be_changed()
    {
        Patch(nameof(Targets.Add), prefix: ChangeFirst);
        Assert.AreEqual(103, Targets.Add(2, 3));
    }

    static void SeeInstance(object __instance, string name) => Seen.Add($"{((Targets)__instance).Field} {name}");
    static void Shout(ref string __result) => __result = __result.ToUpperInvariant();

    [TestMethod]
    public void Instance_method()
    {
        Patch(nameof(Targets.Greet), prefix: SeeInstance, postfix: Shout);
        Assert.AreEqual("ADA 7", new Targets().Greet("Ada"));
        CollectionAssert.AreEqual(new object[] { "7 Ada" }, Seen);
    }

    [TestMethod]
    public void Virtual_method_only_where_it_is_patched()
    {
        Patch(nameof(Targets.Virtual), postfix: AddTen);
        Targets plain = new(), derived = new Derived();
        Assert.AreEqual(14, plain.Virtual(2));
        Assert.AreEqual(6, derived.Virtual(2));
    }

    static void SeeMoney(Money money) => Seen.Add(money.Currency);
    static void Double(ref Money money) => money = new Money(money.Amount * 2, money.Currency);

    [TestMethod]
    public void Struct_argument_by_value_and_by_reference()
    {
        Patch(nameof(Targets.StructArgument), prefix: SeeMoney);
        Patch(nameof(Targets.StructArgument), prefix: Double);
        Assert.AreEqual(23, Targets.StructArgument(new Money(10, 3)));
        CollectionAssert.AreEqual(new object[] { 3 }, Seen);
    }

    static void SeeBoxed(object money) => Seen.Add(((Money)money).Amount);

    [TestMethod]
    public void Struct_argument_boxed_for_a_patch_that_wants_an_object()
    {
        Patch(nameof(Targets.StructArgument), prefix: SeeBoxed);
        Assert.AreEqual(13, Targets.StructArgument(new Money(10, 3)));
        CollectionAssert.AreEqual(new object[] { 10L }, Seen);
    }

    static void ChangeLarge(ref Large __result) => __result.E = -1;

    [TestMethod]
    public void Large_struct_result()
    {
        Patch(nameof(Targets.LargeResult), postfix: ChangeLarge);
        var large = Targets.LargeResult(5);
        Assert.AreEqual((5L, 6L, 7L, 8L, -1L), (large.A, large.B, large.C, large.D, large.E));
    }

    static void SeeThis(object __instance, int factor) => Seen.Add(((Money)__instance).Amount * factor);

    [TestMethod]
    public void Method_of_a_struct()
    {
        Patch(typeof(Money).GetMethod(nameof(Money.Times))!, prefix: SeeThis);
        Assert.AreEqual(30, new Money(10, 1).Times(3));
        CollectionAssert.AreEqual(new object[] { 30L }, Seen);
    }

    static void BeforeRefOut(ref int value, ref string text) => (value, Seen.Capacity) = (value + 10, Seen.Capacity);
    static void AfterRefOut(int value, ref string text) => text += value;

    [TestMethod]
    public void Ref_and_out_arguments()
    {
        Patch(nameof(Targets.RefOut), prefix: BeforeRefOut, postfix: AfterRefOut);
        var value = 1;
        Targets.RefOut(ref value, out var text);
        Assert.AreEqual((12, "original12"), (value, text));
    }

    [TestMethod]
    public void Exception_reaches_the_caller_unchanged_and_the_finalizer_sees_it()
    {
        Patch(nameof(Targets.Throws), finalizer: SeeException);
        var thrown = Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("no"));
        Assert.AreSame(thrown, Seen.Single());
        Assert.AreEqual("no", thrown.Message);
        StringAssert.Contains(thrown.StackTrace, "Targets.Throws");
        Assert.AreEqual(1, thrown.StackTrace!.Split("Targets.Throws(").Length - 1, "the rethrow adds no line of its own");
    }

    [TestMethod]
    public void Finalizer_runs_without_an_exception_too()
    {
        Patch(nameof(Targets.Add), finalizer: SeeException);
        Assert.AreEqual(3, Targets.Add(1, 2));
        CollectionAssert.AreEqual(new object?[] { null }, Seen);
    }

    static Exception? Swallow(Exception? __exception, ref int __result)
    {
        __result = 42;
        return null;
    }

    static Exception? Replace(Exception? __exception) => __exception is null ? null : new NotSupportedException("replaced", __exception);

    [TestMethod]
    public void Finalizer_can_swallow_or_replace()
    {
        Patch(nameof(Targets.Throws), finalizer: Swallow);
        Assert.AreEqual(42, Targets.Throws("no"));
        _harmony.UnpatchAll("tests");
        Patch(nameof(Targets.Throws), finalizer: Replace);
        Assert.AreEqual("no", Assert.ThrowsExactly<NotSupportedException>(() => Targets.Throws("no")).InnerException!.Message);
    }

    static bool Skip(ref int __result)
    {
        __result = -5;
        return false;
    }

    [TestMethod]
    public void Prefix_that_returns_false_skips_the_original_and_postfixes_still_run()
    {
        Patch(nameof(Targets.Throws), prefix: Skip, postfix: AddTen);
        Assert.AreEqual(5, Targets.Throws("never"));
    }

    [TestMethod]
    public void Try_catch_filter_finally_stay_as_they_are()
    {
        Patch(nameof(Targets.TryFinally), prefix: Count, postfix: Count, finalizer: SeeException);
        var log = new List<string>();
        Assert.AreEqual(8, Targets.TryFinally(4, log));
        Assert.AreEqual(-1, Targets.TryFinally(int.MaxValue, log));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Targets.TryFinally(-1, log));
        CollectionAssert.AreEqual(new[] { "finally", "filter", "finally", "finally" }, log);
    }

    [TestMethod]
    public void Switch_and_short_branches()
    {
        Patch(nameof(Targets.Switch), prefix: Count, finalizer: SeeException);
        CollectionAssert.AreEqual(
            new[] { "zero", "one", "two", "three", "four", "some", "many" },
            new[] { 0, 1, 2, 3, 4, 5, 101 }.Select(Targets.Switch).ToArray());
        Assert.HasCount(14, Seen);
    }

    static void SeeTask(ref Task __result) => Seen.Add(__result.IsCompleted);
    static void WaitForTask(ref Task<int> __result) => __result = __result.ContinueWith(task => task.Result * 2, TaskScheduler.Default);

    [TestMethod]
    public async Task Async_method_that_returns_a_task()
    {
        Patch(nameof(Targets.AsyncTask), prefix: Count, postfix: WaitForTask, finalizer: SeeTask);
        Assert.AreEqual(12, await Targets.AsyncTask(5));
        Assert.HasCount(2, Seen);
    }

    static void SeeValueTask(ref ValueTask<int> __result)
    {
        var task = __result.AsTask();
        Seen.Add(task);
        __result = new ValueTask<int>(task);
    }

    [TestMethod]
    public async Task Async_method_that_returns_a_value_task()
    {
        Patch(nameof(Targets.AsyncValueTask), finalizer: SeeValueTask);
        Assert.AreEqual(6, await Targets.AsyncValueTask(5));
        Assert.AreEqual(6, await (Task<int>)Seen.Single()!);
    }

    static void SeeGeneric(object value, object __result) => Seen.Add((value, __result));

    [TestMethod]
    public void Generic_method_with_reference_and_value_types()
    {
        Patch(nameof(Targets.Generic), postfix: SeeGeneric);
        Assert.AreEqual("text", Targets.Generic("text"));
        Assert.AreEqual(12, Targets.Generic(12));
        Assert.AreEqual(2L, Targets.Generic(new Money(2, 1)).Amount);
        CollectionAssert.AreEqual(new object[] { ("text", "text"), (12, 12), (new Money(2, 1), new Money(2, 1)) }, Seen.Select(pair => pair switch
        {
            ValueTuple<object, object> { Item1: string text } tuple => (object)(text, (string)tuple.Item2),
            ValueTuple<object, object> { Item1: int number } tuple => (number, (int)tuple.Item2),
            ValueTuple<object, object> { Item1: Money money } tuple => (money, (Money)tuple.Item2),
            _ => throw new InvalidOperationException(),
        }).ToList());
    }

    static void SeeBox(object __instance, object other) => Seen.Add($"{__instance.GetType().GetGenericArguments()[0].Name} {other}");

    [TestMethod]
    public void Method_of_a_generic_type()
    {
        Patch(typeof(Box<>).GetMethod("Describe")!, prefix: SeeBox);
        Assert.AreEqual("a b", new Box<string>("a").Describe("b"));
        Assert.AreEqual("1 2", new Box<int>(1).Describe(2));
        CollectionAssert.AreEqual(new object[] { "String b", "Int32 2" }, Seen);
    }

    [TestMethod]
    public void Recursion()
    {
        Patch(nameof(Targets.Recursive), prefix: Count, finalizer: SeeException);
        Assert.AreEqual(20, Targets.Recursive(20));
        Assert.HasCount(42, Seen);
    }

    [TestMethod]
    public void Inlined_callee_is_seen_in_callers_that_were_compiled_before()
    {
        var sum = 0;
        for (var i = 0; i < 200_000; i++) // long enough to reach tier 1, where the callee is inlined
            sum = unchecked(sum + Targets.CallsInlined(i));
        Patch(nameof(Targets.Inlined), postfix: AddTen);
        Assert.AreEqual(22, Targets.CallsInlined(0));
        _harmony.UnpatchAll("tests");
        Assert.AreEqual(2, Targets.CallsInlined(0));
    }

    [TestMethod]
    public void Reference_return_and_span_argument()
    {
        Patch(nameof(Targets.RefReturn), prefix: Count, finalizer: SeeException);
        Patch(nameof(Targets.SpanArgument), prefix: Count, finalizer: SeeException);
        int[] values = [1, 2, 3];
        Targets.RefReturn(values) = 20;
        Assert.AreEqual(20, values[1]);
        Assert.AreEqual(4, Targets.SpanArgument("four"));
        Assert.HasCount(4, Seen);
    }

    static void Start(out long __state) => __state = 40;
    static void End(long __state) => Seen.Add(__state + 2);
    static void SeeOriginal(MethodBase __originalMethod) => Seen.Add(__originalMethod.Name);

    [TestMethod]
    public void State_and_original_method()
    {
        Patch(nameof(Targets.Nothing), prefix: Start, finalizer: End);
        Patch(nameof(Targets.Nothing), prefix: SeeOriginal);
        Targets.Nothing();
        CollectionAssert.AreEqual(new object[] { "Nothing", 42L }, Seen);
    }

    [TestMethod]
    public void Framework_method_that_is_compiled_ahead_of_time()
    {
        Patch(typeof(Uri).GetMethod(nameof(Uri.EscapeDataString), [typeof(string)])!, prefix: Count, postfix: Shout);
        Assert.AreEqual("A%20B", Uri.EscapeDataString("a b"));
        Assert.HasCount(1, Seen);
    }

    static void First() => Seen.Add("first");
    static void Second() => Seen.Add("second");

    [TestMethod]
    public void Priority_orders_patches_of_several_owners()
    {
        var other = new Harmony("other");
        _harmony.Patch(Target(nameof(Targets.Nothing)), prefix: new HarmonyMethod(Second) { priority = Priority.Low });
        other.Patch(Target(nameof(Targets.Nothing)), prefix: new HarmonyMethod(First) { priority = Priority.High });
        Targets.Nothing();
        CollectionAssert.AreEqual(new object[] { "first", "second" }, Seen);
        _harmony.UnpatchAll("other");
        Targets.Nothing();
        CollectionAssert.AreEqual(new object[] { "first", "second", "second" }, Seen);
    }
}
