using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>What patches of runtime-async methods may ask for and change.</summary>
[TestClass]
public sealed class InjectionTests : PatchingTest
{
    static Call Done => new(Ending.AtOnce);

    static Call Failing => new(Ending.ThrowsAtOnce);

    static MethodInfo Named(string name) => Method(typeof(Source), name);

    // --- __result -------------------------------------------------------------------------------------------------------------------------

    static void SeeText(string? __result) => Seen.Add(__result);
    static void SeeNumber(int __result) => Seen.Add(__result);
    static void SeeTask(Task? __result) => Seen.Add(__result is null ? null : $"{__result.Status} {__result.GetType().Name.Split('`')[0]}");
    static void SeeTaskOfText(Task<string>? __result) => Seen.Add(__result?.Result);
    static void SeeValueTask(ValueTask __result) => Seen.Add(__result.IsCompletedSuccessfully);
    static void SeeValueTaskOfText(ValueTask<string> __result) => Seen.Add(__result.Result);
    static void SeeObject(object? __result) => Seen.Add(__result is ValueTask<string> task ? task.Result : __result?.GetType().Name);
    static void SeeList(Task<List<int>> __result) => Seen.Add(__result.Result[0]);

    [TestMethod]
    public async Task The_result_itself()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), postfix: SeeText, finalizer: SeeText);
        Patch(Named(nameof(Source.StaticTaskOfInt)), postfix: SeeNumber, finalizer: SeeNumber);
        Assert.AreEqual("result", await Source.StaticTaskOf(Done, []));
        Assert.AreEqual(6, await Source.StaticTaskOfInt(Done, []));
        AssertSeen("result", "result", 6, 6);
    }

    [TestMethod]
    public async Task The_result_as_a_completed_task()
    {
        Patch(Named(nameof(Source.StaticTask)), postfix: SeeTask, finalizer: SeeTask);
        Patch(Named(nameof(Source.StaticTaskOf)), postfix: SeeTask, finalizer: SeeTaskOfText);
        Patch(Named(nameof(Source.StaticValueTask)), postfix: SeeValueTask, finalizer: SeeValueTask);
        Patch(Named(nameof(Source.StaticValueTaskOf)), postfix: SeeValueTaskOfText, finalizer: SeeObject);
        await Source.StaticTask(Done, []);
        await Source.StaticTaskOf(Done, []);
        await Source.StaticValueTask(Done, []);
        await Source.StaticValueTaskOf(Done, []);
        AssertSeen("RanToCompletion Task", "RanToCompletion Task", "RanToCompletion Task", "result", true, true, "result", "result");
    }

    [TestMethod]
    public async Task A_method_without_a_result_gives_no_task_that_stands_for_nothing_to_do()
    {
        Task? given = null;
        s_task = task => given = task;
        Patch(Named(nameof(Source.StaticTask)), finalizer: Take);
        await Source.StaticTask(Done, []);
        Assert.IsNotNull(given);
        Assert.AreNotSame(Task.CompletedTask, given);
    }

    static Action<Task?> s_task = static _ => { };
    static void Take(Task? __result) => s_task(__result);

    [TestMethod]
    public async Task After_an_exception_there_is_no_task_and_the_default_result()
    {
        Patch(Named(nameof(Source.StaticTask)), finalizer: SeeTask);
        Patch(Named(nameof(Source.StaticTaskOf)), finalizer: SeeText);
        Patch(Named(nameof(Source.StaticValueTask)), finalizer: SeeValueTask);
        Patch(Named(nameof(Source.StaticTaskOfInt)), finalizer: SeeNumber);
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Source.StaticTask(Failing, []));
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Source.StaticTaskOf(Failing, []));
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Source.StaticValueTask(Failing, []).AsTask());
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Source.StaticTaskOfInt(Failing, []));
        AssertSeen(null, null, true, 0); // a default ValueTask is a completed one
    }

    [TestMethod]
    public async Task A_task_of_a_type_variable()
    {
        Patch(Named(nameof(Source.Generic)), postfix: SeeTask, finalizer: TakeObject);
        Assert.AreEqual(5, await Source.Generic(5, Done, []));
        Assert.AreEqual("five", await Source.Generic("five", Done, []));
        AssertSeen("RanToCompletion Task", "5 Int32", "RanToCompletion Task", "five String");
    }

    static void TakeObject(object __result) =>
        Seen.Add(__result switch { Task<int> number => $"{number.Result} Int32", Task<string> text => $"{text.Result} String", _ => __result.GetType().FullName });

    static void SetText(ref string __result) => __result += "!";
    static void SetNumber(ref int __result) => __result *= 2;
    static void SetPair(ref (long, string) __result) => __result = (__result.Item1 + 1, __result.Item2 + "!");

    [TestMethod]
    public async Task The_result_is_replaced()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), postfix: SetText, finalizer: SetText);
        Patch(Named(nameof(Source.StaticTaskOfInt)), finalizer: SetNumber);
        Patch(Named(nameof(Source.StaticValueTaskOfStruct)), postfix: SetPair);
        Assert.AreEqual("result!!", await Source.StaticTaskOf(Done, []));
        Assert.AreEqual(12, await Source.StaticTaskOfInt(Done, []));
        Assert.AreEqual((2L, "result!"), await Source.StaticValueTaskOfStruct(Done, []));
    }

    static string PassOn(string result) => result + "?";

    [TestMethod]
    public async Task The_result_is_passed_through()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), postfix: PassOn);
        Assert.AreEqual("result?", await Source.StaticTaskOf(Done, []));
    }

    static void SetTask(ref Task<string> __result) => __result = Task.FromResult("");
    static void SetObject(ref object __result) => __result = "";
    static void SetAnyTask(ref Task __result) => __result = Task.FromResult("");
    static Task<string> PassTaskOn(Task<string> result) => result;
    static void SeeValueTaskOfList(ValueTask<List<int>> __result) => Seen.Add(__result);

    [TestMethod]
    public void What_cannot_be_is_refused_with_the_reason()
    {
        var method = Named(nameof(Source.StaticTaskOf));
        StringAssert.Contains(Refusal(method, finalizer: SetTask), "the runtime makes its task later (its result, a System.String, can be replaced)");
        StringAssert.Contains(Refusal(method, postfix: SetAnyTask), "the runtime makes its task later");
        StringAssert.Contains(Refusal(method, postfix: PassTaskOn), "the runtime makes its task later");
        StringAssert.Contains(Refusal(Method(typeof(Source), nameof(Source.StaticTaskOf)), postfix: SetObject), "(and a System.Object could also be its result, a System.String)");
        StringAssert.Contains(Refusal(method, prefix: SeeTask), "has no task before it has run (its result is a System.String)");
        StringAssert.Contains(Refusal(method, prefix: SetTask), "has no task before it has run");
        StringAssert.Contains(Refusal(method, finalizer: SeeNumber), "it is a System.String");
        StringAssert.Contains(Refusal(Named(nameof(Source.StaticTask)), postfix: SeeText), "the method returns nothing");
        StringAssert.Contains(Refusal(Method(typeof(GenericSource<>), "Static"), finalizer: SeeObject), "whose type is not known here");
        StringAssert.Contains(Refusal(method, Span.Prefix, finalizer: Span.Finalizer), "would not outlive a suspension");
    }

    static class Span
    {
        public static void Prefix(out ReadOnlySpan<char> __state) => __state = default;
        public static void Finalizer(ReadOnlySpan<char> __state) => Seen.Add(__state.Length);
    }

    // --- skip, swallow, throw -----------------------------------------------------------------------------------------------------------------

    static bool Skip(ref string __result)
    {
        __result = "skipped";
        return false;
    }

    static bool SkipOnly() => false;

    [TestMethod]
    public async Task A_prefix_skips_the_method()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), Skip);
        Patch(Named(nameof(Source.StaticValueTask)), SkipOnly);
        Patch(Named(nameof(Source.StaticTask)), SkipOnly, finalizer: SeeTask);
        var log = new List<string>();
        Assert.AreEqual("skipped", await Source.StaticTaskOf(Failing, log));
        await Source.StaticValueTask(Failing, log);
        await Source.StaticTask(Failing, log);
        Assert.IsEmpty(log);
        AssertSeen("RanToCompletion Task");
    }

    static Exception? Swallow(Exception? __exception, ref string? __result)
    {
        if (__exception is not null)
            __result = __exception.Message;
        return null;
    }

    static Exception? SwallowOnly() => null;

    static FormatException? Replace(Exception? __exception) => __exception is null ? null : new FormatException("replaced", __exception);

    [TestMethod]
    [DataRow(Ending.ThrowsAtOnce)]
    [DataRow(Ending.ThrowsLater)]
    public async Task A_finalizer_swallows_or_replaces_the_exception(Ending ending)
    {
        Patch(Named(nameof(Source.StaticTaskOf)), finalizer: Swallow);
        Patch(Named(nameof(Source.StaticValueTask)), finalizer: SwallowOnly);
        Patch(Named(nameof(Source.StaticTask)), finalizer: Replace);
        Assert.AreEqual("failed", await Opened(call => Source.StaticTaskOf(call, [])));
        await Opened(call => Source.StaticValueTask(call, []).AsTask());
        var replaced = await Assert.ThrowsExactlyAsync<FormatException>(() => Opened(call => Source.StaticTask(call, [])));
        Assert.AreEqual("failed", replaced.InnerException!.Message);

        T Opened<T>(Func<Call, T> start)
        {
            var call = new Call(ending);
            var task = start(call);
            call.Open();
            return task;
        }
    }

    static void Fail() => throw new NotSupportedException("patch");

    [TestMethod]
    public async Task What_an_unguarded_patch_throws_is_in_the_task()
    {
        Patch(Plain, Named(nameof(Source.StaticTaskOf)), Fail);
        var task = Source.StaticTaskOf(Done, []);
        await Assert.ThrowsExactlyAsync<NotSupportedException>(() => task);
    }

    // --- arguments, state, instance -------------------------------------------------------------------------------------------------------------

    static void Redirect(ref Call call) => call = Done;
    static void SeeArguments(object[] __args) => Seen.Add(__args.Length);

    [TestMethod]
    public async Task Arguments_are_seen_and_replaced()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), Redirect, SeeArguments);
        Assert.AreEqual("result", await Source.StaticTaskOf(Failing, []));
        AssertSeen(2);
    }

    static class States
    {
        public static void Prefix(out (int, string) __state) => __state = (7, "seven");
        public static void Finalizer((int, string) __state) => Seen.Add(__state);
    }

    [TestMethod]
    public async Task State_outlives_a_suspension()
    {
        Patch(Named(nameof(Source.StaticTaskOf)), States.Prefix, finalizer: States.Finalizer);
        var call = new Call(Ending.Later);
        var task = Source.StaticTaskOf(call, []);
        Assert.IsEmpty(Seen);
        GC.Collect();
        call.Open();
        await task;
        AssertSeen((7, "seven"));
    }

    static void SeeInstance(StructSource __instance) => Seen.Add(__instance.Number);
    static void SeeField(int ___Number) => Seen.Add(___Number);
    static void SetInstance(ref StructSource __instance) => __instance.Number = 50;
    static void SetField(ref int ___Number) => ___Number = 50;

    [TestMethod]
    [DataRow(Ending.AtOnce)]
    [DataRow(Ending.Later)]
    public async Task The_instance_of_a_value_type_is_the_one_of_the_start(Ending ending)
    {
        Patch(Method(typeof(StructSource), nameof(StructSource.Add)), SeeInstance, SeeInstance, SeeField);
        var call = new Call(ending);
        var task = new StructSource(5).Add(6, call, []);
        call.Open();
        Assert.AreEqual(11, await task);
        AssertSeen(5, 5, 5);
    }

    [TestMethod]
    [DataRow(Ending.AtOnce)]
    [DataRow(Ending.Later)]
    public async Task What_a_prefix_makes_of_the_instance_is_seen_afterwards(Ending ending)
    {
        Patch(Method(typeof(StructSource), nameof(StructSource.Add)), SetInstance, SeeInstance, SeeField);
        var call = new Call(ending);
        var task = new StructSource(5).Add(6, call, []);
        call.Open();
        Assert.AreEqual(56, await task);
        AssertSeen(50, 50);
    }

    [TestMethod]
    public async Task A_prefix_changes_the_instance_of_a_value_type_and_others_cannot()
    {
        var method = Method(typeof(StructSource), nameof(StructSource.Add));
        Patch(method, SetInstance);
        Assert.AreEqual(56, await new StructSource(5).Add(6, Done, []));
        Guarded.UnpatchAll();
        Patch(method, SetField);
        Assert.AreEqual(56, await new StructSource(5).Add(6, Done, []));
        StringAssert.Contains(Refusal(method, finalizer: SetInstance), "has not outlived it");
        StringAssert.Contains(Refusal(method, postfix: SetField), "has not outlived it");
    }

    // --- finding them ---------------------------------------------------------------------------------------------------------------------------

    [HarmonyPatch(typeof(Source), nameof(Source.StaticTaskOf), MethodType.Async)]
    static class AsyncPatch
    {
        static void Prefix() => Seen.Add("prefix");
    }

    [TestMethod]
    public async Task The_code_of_such_a_method_is_the_method_itself()
    {
        Assert.AreEqual(Named(nameof(Source.StaticTaskOf)), AccessTools.AsyncMoveNext(Named(nameof(Source.StaticTaskOf))));
        Guarded.CreateClassProcessor(typeof(AsyncPatch)).Patch();
        await Source.StaticTaskOf(Done, []);
        AssertSeen("prefix");
    }

    [TestMethod]
    public void How_the_runtime_awaits_is_not_patched()
    {
        var helpers = typeof(System.Runtime.CompilerServices.AsyncHelpers).GetMethods(AccessTools.allDeclared).Where(Compiled.AsRuntimeAsync).ToList();
        Assert.IsNotEmpty(helpers);
        foreach (var helper in helpers.Where(helper => !typeof(Task).IsAssignableFrom(helper.ReturnType)))
            StringAssert.Contains(Refusal(helper, SeeNothing), "a part of how the runtime awaits");
    }

    static void SeeNothing() => Seen.Add("call");
}
