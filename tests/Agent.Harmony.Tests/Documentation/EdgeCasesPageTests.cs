using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Edge cases»: what is as hard here, what is not, and what is refused.</summary>
[TestClass]
public sealed class EdgeCasesPageTests : PatchingTest
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Small(int number) => number + 1;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static int CallsSmall(int number) => Small(number);

    static void Double(ref int __result) => __result *= 2;

    [TestMethod]
    public void A_method_that_is_inlined_is_reached()
    {
        Assert.AreEqual(2, CallsSmall(1));
        Patch(Method(typeof(EdgeCasesPageTests), nameof(Small)), postfix: Double);
        Assert.AreEqual(4, CallsSmall(1));
    }

    class Parent
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public virtual string Speak() => "parent";
    }

    sealed class Child : Parent
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public override string Speak() => "child";
    }

    [HarmonyPatch(typeof(Child), nameof(Child.Speak))]
    static class SpeaksLikeItsParent
    {
        [HarmonyReversePatch]
        [HarmonyPatch(typeof(Parent), nameof(Parent.Speak))]
        [MethodImpl(MethodImplOptions.NoInlining)]
        static string OfParent(Parent instance) => throw new NotSupportedException($"{instance} has no copy yet");

        static void Postfix(Child __instance, ref string __result) => __result += " of " + OfParent(__instance);
    }

    [TestMethod]
    public void A_base_method_is_called_through_a_copy_of_it()
    {
        Guarded.CreateClassProcessor(typeof(SpeaksLikeItsParent)).Patch();
        Assert.AreEqual("child of parent", new Child().Speak());
        Assert.AreEqual("parent", new Parent().Speak());
    }

    sealed class Shelf<T>
    {
        T? _last;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public string Put(T item) => $"{_last = item}";
    }

    static void Mark(ref string __result) => __result += "!";

    [TestMethod]
    public void A_patch_of_one_instantiation_is_for_no_other_that_shares_its_code()
    {
        Patch(Method(typeof(Shelf<string>), nameof(Shelf<>.Put)), postfix: Mark);
        Assert.AreEqual("a!", new Shelf<string>().Put("a"));
        Assert.AreEqual("b", new Shelf<object>().Put("b"));
        Assert.AreEqual("1", new Shelf<int>().Put(1));
    }

    [TestMethod]
    public void A_patch_of_the_definition_is_for_all()
    {
        Patch(Method(typeof(Shelf<>), nameof(Shelf<>.Put)), postfix: Mark);
        Assert.AreEqual("a! b! 1!", $"{new Shelf<string>().Put("a")} {new Shelf<object>().Put("b")} {new Shelf<int>().Put(1)}");
    }

    sealed class Once
    {
        public static readonly int Number;

        static Once() => Number = 1;
    }

    [TestMethod]
    public void A_static_constructor_is_refused()
    {
        Assert.AreEqual("it is a static constructor, which runs once, and may have run already", Refusal(typeof(Once).TypeInitializer!, Nothing));
        Assert.AreEqual(1, Once.Number);
    }

    static void Nothing() { }
    static IEnumerable<CodeInstruction> Other(IEnumerable<CodeInstruction> instructions) => [new CodeInstruction(OpCodes.Ldc_R8, 1.0), new CodeInstruction(OpCodes.Ret)];

    [TestMethod]
    public void A_method_of_the_runtime_is_refused_also_to_transpilers()
    {
        var native = typeof(Math).GetMethod(nameof(Math.Sqrt), [typeof(double)])!;
        Assert.AreEqual("it has no IL (extern)", Refusal(native, Nothing));
        Assert.EndsWith("it has no IL (extern)", Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(native, transpiler: new HarmonyMethod(Other))).Message);
    }

    sealed class Remote : MarshalByRefObject
    {
        readonly int _number = 3;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Number() => _number;
    }

    [TestMethod]
    public void A_method_of_a_class_for_marshalling()
    {
        Patch(Method(typeof(Remote), nameof(Remote.Number)), postfix: Double);
        Assert.AreEqual(6, new Remote().Number());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static string NotYet() => throw new NotImplementedException();

    static bool Skip() => false;
    static void Done(ref string __result) => __result = "done";

    [TestMethod]
    public void A_method_that_never_returns_has_patches_like_any_other()
    {
        var target = Method(typeof(EdgeCasesPageTests), nameof(NotYet));
        Patch(target, postfix: Done);
        Assert.ThrowsExactly<NotImplementedException>(NotYet);
        Patch(target, prefix: Skip);
        Assert.AreEqual("done", NotYet());
    }

    interface IShape { int Corners(); }

    sealed class Triangle : IShape
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Corners() => 3;
    }

    [TestMethod]
    public void What_is_only_declared_cannot_be_patched()
    {
        Assert.AreEqual("it is abstract", Refusal(Method(typeof(IShape), nameof(IShape.Corners)), Nothing));
        Patch(Method(typeof(Triangle), nameof(Triangle.Corners)), postfix: Double);
        Assert.AreEqual(6, ((IShape)new Triangle()).Corners());
    }
}
