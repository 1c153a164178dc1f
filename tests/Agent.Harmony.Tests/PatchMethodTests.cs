using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace HarmonyLib.Tests;

/// <summary>Which methods can be patches, wherever they live, and what patching a method does not do by itself.</summary>
[TestClass]
public sealed class PatchMethodTests : PatchingTest
{
    static readonly System.Reflection.MethodInfo Add = Method(typeof(Targets), nameof(Targets.Add));

    static class WithStaticConstructor
    {
        static readonly List<int> s_lefts;

        static WithStaticConstructor() => s_lefts = [];

        public static void Prefix(int left)
        {
            s_lefts.Add(left);
            Seen.Add(s_lefts.Sum());
        }
    }

    [TestMethod]
    public void A_patch_class_with_a_static_constructor()
    {
        Patch(Add, WithStaticConstructor.Prefix);
        Targets.Add(1, 0);
        Targets.Add(2, 0);
        AssertSeen(1, 3);
    }

    static class TargetWithStaticConstructor
    {
        static readonly string s_text;

        static TargetWithStaticConstructor()
        {
            Seen.Add("static constructor");
            s_text = "text";
        }

        public static string Text() => s_text;
    }

    static void Before() => Seen.Add("before");

    [TestMethod]
    public void Patching_does_not_run_the_static_constructor_of_the_target()
    {
        Patch(Method(typeof(TargetWithStaticConstructor), nameof(TargetWithStaticConstructor.Text)), Before);
        AssertSeen();
        Assert.AreEqual("text", TargetWithStaticConstructor.Text());
        CollectionAssert.AreEquivalent(new object[] { "static constructor", "before" }, Seen);
    }

    static void Patched(int left) => Seen.Add(left);
    static void ChangeLeft(ref int left) => left += 10;

    [TestMethod]
    public void A_patch_can_be_patched_itself()
    {
        Patch(Add, Patched);
        Patch(Method(typeof(PatchMethodTests), nameof(Patched)), ChangeLeft);
        Assert.AreEqual(3, Targets.Add(1, 2));
        AssertSeen(11);
    }

    static void CallAgain(int left, ref int __result)
    {
        if (left > 0)
            __result += Targets.Add(left - 1, 0);
    }

    [TestMethod]
    public void A_patch_may_call_the_method_that_it_patches()
    {
        Patch(Add, postfix: CallAgain);
        Assert.AreEqual(3 + 2 + 1, Targets.Add(3, 0));
    }

    static void WithSpan(int left, out Span<int> __state) => __state = new[] { left, left };
    static void SeeSpan(Span<int> __state) => Seen.Add(__state[0] + __state.Length);

    [TestMethod]
    public void State_that_lives_on_the_stack()
    {
        Patch(Add, WithSpan, finalizer: SeeSpan);
        Targets.Add(5, 0);
        AssertSeen(7);
    }

    static class OfPointer
    {
        public static unsafe void Prefix(int left, out int* __state) => __state = (int*)left;
        public static unsafe void Finalizer(int* __state) => Seen.Add((int)__state);
    }

    [TestMethod]
    public unsafe void State_that_is_a_pointer()
    {
        Patch(Add, OfPointer.Prefix, finalizer: OfPointer.Finalizer);
        Targets.Add(5, 0);
        AssertSeen(5);
    }

    public static class FromElsewhere
    {
        public static int Total { get; private set; }

        public static void Prefix(int left, out Money __state) => __state = new Money(left, 1);
        public static void Finalizer(Money __state, ref int __result) => __result = Total += (int)__state.Amount;
    }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    [DataRow(false)]
    [DataRow(true)]
    public void A_patch_class_from_a_load_context_that_the_target_does_not_know(bool isCollectible)
    {
        PatchFromElsewhere(isCollectible);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.AreEqual(5, Targets.Add(5, 0));
        Assert.AreEqual(7, Targets.Add(2, 0));
        Assert.AreEqual(0, FromElsewhere.Total);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void PatchFromElsewhere(bool isCollectible)
    {
        var context = new AssemblyLoadContext("elsewhere", isCollectible);
        var copy = context.LoadFromAssemblyPath(typeof(PatchMethodTests).Assembly.Location).GetType(typeof(FromElsewhere).FullName!)!;
        Assert.AreNotSame(typeof(FromElsewhere), copy);
        Guarded.Patch(Add, new HarmonyMethod(copy, "Prefix"), finalizer: new HarmonyMethod(copy, "Finalizer"));
        if (isCollectible)
            context.Unload();
    }

    static void HundredthOwner(ref int __result, out long __state) => __state = __result++;

    [TestMethod]
    public void A_hundred_patches_in_one_method()
    {
        for (var i = 0; i < 100; i++)
            Patch(new Harmony($"owner {i}"), Add, postfix: HundredthOwner);
        Assert.AreEqual(103, Targets.Add(1, 2));
        Assert.HasCount(100, Harmony.GetPatchInfo(Add)!.Owners);
    }

    static async void AsyncPatch(int left)
    {
        await Task.CompletedTask;
        Seen.Add(left);
    }

    [TestMethod]
    public void A_patch_can_be_async()
    {
        Patch(Add, AsyncPatch);
        Targets.Add(5, 0);
        AssertSeen(5);
    }

    static class FailingStaticConstructor
    {
        static FailingStaticConstructor() => throw new FormatException("static constructor");

        public static void Prefix() => Seen.Add("never");
    }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void A_patch_class_that_cannot_be_initialized_does_not_reach_the_caller()
    {
        Patch(Add, FailingStaticConstructor.Prefix);
        Assert.AreEqual(3, Targets.Add(1, 2));
        AssertSeen();
        lock (Engine.Reports)
        {
            Assert.Contains("TypeInitializationException", Engine.Reports.Single());
            Engine.Reports.Clear();
        }
    }
}
