using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Reverse patch». A copy stays, so each test has a stub of its own.</summary>
[TestClass]
public sealed class ReversePatchPageTests : PatchingTest
{
    sealed class Till(string name)
    {
        int _total = 100;

        [MethodImpl(MethodImplOptions.NoInlining)]
        int Take(int amount, string reason)
        {
            try
            {
                _total -= amount / (reason.Length - 1);
            }
            catch (DivideByZeroException)
            {
                _total = -1;
            }
            return _total;
        }

        public int TakeOne(string reason) => Take(1, reason);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Sum(string text, int number) => string.Concat(text.ToUpperInvariant(), number.ToString(System.Globalization.CultureInfo.InvariantCulture));

        public override string ToString() => name;
    }

    static readonly MethodInfo Take = AccessTools.Method(typeof(Till), "Take")!;

    [HarmonyPatch]
    static class Copies
    {
        [HarmonyReversePatch, HarmonyPatch(typeof(Till), "Take")]
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static int OfTake(object instance, int amount, string reason) => throw new NotImplementedException("a stub");

        [HarmonyReversePatch, HarmonyPatch(typeof(Till), nameof(Till.Sum))]
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Lower(string text, int number)
        {
            _ = Transpiler([]);
            throw new NotImplementedException("a stub");

            static IEnumerable<CodeInstruction> Transpiler(IEnumerable<CodeInstruction> instructions) =>
                instructions.MethodReplacer(typeof(string).GetMethod(nameof(string.ToUpperInvariant))!, typeof(string).GetMethod(nameof(string.ToLowerInvariant))!);
        }
    }

    static bool Skip() => false;

    [TestMethod]
    public void A_copy_is_the_original_whatever_happens_to_it()
    {
        Guarded.CreateClassProcessor(typeof(Copies)).Patch();
        var till = new Till("t");
        Assert.AreEqual(95, Copies.OfTake(till, 10, "abc"));
        Assert.AreEqual(-1, Copies.OfTake(till, 10, "a"));
        Patch(Take, Skip);
        Assert.AreEqual(0, till.TakeOne("abc"));
        Assert.AreEqual(-6, Copies.OfTake(till, 10, "abc"));
        Assert.ThrowsExactly<NullReferenceException>(() => Copies.OfTake(till, 1, null!));
    }

    [TestMethod]
    public void A_transpiler_inside_the_stub()
    {
        Guarded.CreateClassProcessor(typeof(Copies)).Patch();
        Assert.AreEqual("abc7", Copies.Lower("ABC", 7));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static string OriginalStub(string text, int number) => throw new NotImplementedException();

    [MethodImpl(MethodImplOptions.NoInlining)]
    static string SnapshotStub(string text, int number) => throw new NotImplementedException();

    static IEnumerable<CodeInstruction> ToLower(IEnumerable<CodeInstruction> instructions) =>
        instructions.MethodReplacer(typeof(string).GetMethod(nameof(string.ToUpperInvariant))!, typeof(string).GetMethod(nameof(string.ToLowerInvariant))!);

    [TestMethod]
    public void Of_the_original_or_of_what_transpilers_have_made_of_it()
    {
        var sum = Method(typeof(Till), nameof(Till.Sum));
        Guarded.Patch(sum, transpiler: new HarmonyMethod(ToLower));
        Guarded.CreateReversePatcher(sum, new HarmonyMethod(OriginalStub)).Patch();
        Guarded.CreateReversePatcher(sum, new HarmonyMethod(SnapshotStub)).Patch(HarmonyReversePatchType.Snapshot);
        Guarded.UnpatchAll();
        Assert.AreEqual("X1", OriginalStub("x", 1));
        Assert.AreEqual("x1", SnapshotStub("X", 1));
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static string PatchedStub(string text, int number) => throw new NotImplementedException();

    static void Exclaim(ref string __result) => __result += "!";

    [TestMethod]
    public void A_copy_can_be_patched_itself()
    {
        var stub = Method(typeof(ReversePatchPageTests), nameof(PatchedStub));
        Assert.AreSame(stub, Harmony.ReversePatch(Method(typeof(Till), nameof(Till.Sum)), new HarmonyMethod(PatchedStub), Method(typeof(ReversePatchPageTests), nameof(ToLower))));
        Patch(stub, postfix: Exclaim);
        Assert.AreEqual("x1!", PatchedStub("X", 1));
        Guarded.UnpatchAll();
        Assert.AreEqual("x1", PatchedStub("X", 1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Unfitting(int number) => number;

    static IEnumerable<CodeInstruction> Failing(IEnumerable<CodeInstruction> instructions) => throw new InvalidOperationException($"{instructions.Any()}");

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void What_cannot_be_copied_stays_as_it_is()
    {
        Assert.Contains("the transpiler ReversePatchPageTests.Failing failed: InvalidOperationException: True", Assert.ThrowsExactly<HarmonyException>(() =>
            Harmony.ReversePatch(Method(typeof(Targets), nameof(Targets.Add)), new HarmonyMethod(Unfitting), Method(typeof(ReversePatchPageTests), nameof(Failing)))).Message);
        Assert.Contains("has no IL", Assert.ThrowsExactly<HarmonyException>(() => Harmony.ReversePatch(typeof(IDisposable).GetMethod("Dispose")!, new HarmonyMethod(Unfitting))).Message);
        Assert.Contains("its types are not given", Assert.ThrowsExactly<HarmonyException>(() => Harmony.ReversePatch(Method(typeof(Box<>), "Describe"), new HarmonyMethod(Unfitting))).Message);
        Assert.AreEqual(5, Unfitting(5));
    }

    [HarmonyPatch]
    static class ByCode
    {
        static MethodInfo TargetMethod() => AccessTools.Method(typeof(Till), nameof(Till.Sum))!;

        [HarmonyReversePatch]
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Copy(string text, int number) => throw new NotSupportedException($"{text} {number}");
    }

    [TestMethod]
    public void TargetMethod_names_what_is_copied()
    {
        Guarded.CreateClassProcessor(typeof(ByCode)).Patch();
        Assert.AreEqual("A1", ByCode.Copy("a", 1));
    }

    [HarmonyPatch]
    static class NothingToCopy
    {
        [HarmonyReversePatch]
        [HarmonyPatch(typeof(Till), "Missing")]
        static void Stub() { }
    }

    [TestMethod]
    public void Without_a_target_there_is_no_copy()
    {
        var stub = typeof(NothingToCopy).GetMethod("Stub", AccessTools.all)!;
        Assert.EndsWith($"Undefined target method for reverse patch method {stub.FullDescription()}: {typeof(Till).FullName} has no method Missing",
            Assert.ThrowsExactly<HarmonyException>(() => Guarded.CreateClassProcessor(typeof(NothingToCopy)).Patch()).Message);
        Assert.EndsWith($"Undefined target method for reverse patch method {stub.FullDescription()}", Assert.ThrowsExactly<HarmonyException>(() => Guarded.CreateReversePatcher(null!, new HarmonyMethod(stub)).Patch()).Message);
    }
}
