using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>The order of patches: priority, then the order of adding, unless Before and After say otherwise.</summary>
public sealed partial class PrioritiesPageTests : PatchingTest
{
    static readonly MethodInfo Target = Method(typeof(Targets), nameof(Targets.Nothing));

    static void A() => Seen.Add("A");
    static void B() => Seen.Add("B");
    static void C() => Seen.Add("C");

    static void Add(string owner, Action patch, int priority = -1, string[]? before = null, string[]? after = null) =>
        new Harmony(owner).Patch(Target, new HarmonyMethod(patch, priority, before, after));

    static void AssertOrder(string expected)
    {
        Targets.Nothing();
        Assert.AreEqual(expected, string.Concat(Seen));
    }

    [TestMethod]
    public void Without_wishes_in_the_order_of_adding()
    {
        Add("a", A);
        Add("c", C);
        Add("b", B);
        AssertOrder("ACB");
    }

    [TestMethod]
    public void Higher_priority_first()
    {
        Add("a", A, Priority.Low);
        Add("b", B);
        Add("c", C, Priority.First);
        AssertOrder("CBA");
    }

    [TestMethod]
    public void Before_and_after_go_over_priority()
    {
        Add("a", A, Priority.First, after: ["c"]);
        Add("b", B, Priority.High);
        Add("c", C, Priority.Last, before: ["b"]);
        AssertOrder("CAB");
    }

    [TestMethod]
    public void Wishes_about_owners_that_are_not_there_change_nothing()
    {
        Add("a", A, after: ["x"]);
        Add("b", B, before: ["y"]);
        AssertOrder("AB");
    }

    [TestMethod]
    public void Wishes_in_a_chain()
    {
        Add("a", A, after: ["b"]);
        Add("b", B, after: ["c"]);
        Add("c", C);
        AssertOrder("CBA");
    }

    [TestMethod]
    public void Contradicting_wishes_still_run_every_patch_once()
    {
        Add("a", A, Priority.Low, before: ["b"]);
        Add("b", B, before: ["a"]);
        Add("c", C, Priority.Last);
        AssertOrder("CAB"); // the patch of the lower priority gives up
    }

    [TestMethod]
    public void A_circle_of_wishes_still_runs_every_patch_once()
    {
        Add("a", A, after: ["c"]);
        Add("b", B, after: ["a"]);
        Add("c", C, after: ["b"]);
        AssertOrder("CAB");
    }

    [TestMethod]
    public void Postfixes_and_finalizers_have_the_same_order()
    {
        var (low, high) = (new HarmonyMethod(A) { priority = Priority.Low }, new HarmonyMethod(B) { priority = Priority.High });
        Guarded.Patch(Target, postfix: low, finalizer: low);
        Guarded.Patch(Target, postfix: high, finalizer: high);
        AssertOrder("BABA");
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Nothing)), HarmonyPriority(Priority.High)]
    static class HighClass
    {
        static void Prefix() => Seen.Add("[class]");

        [HarmonyPrefix, HarmonyPriority(Priority.VeryLow)]
        static void Own() => Seen.Add("[method]");
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Nothing)), HarmonyBefore("a"), HarmonyAfter("b")]
    static class BetweenClass
    {
        static void Prefix() => Seen.Add("[between]");
    }

    [TestMethod]
    public void A_class_gives_its_priority_to_methods_without_one()
    {
        Add("a", A);
        Guarded.CreateClassProcessor(typeof(HighClass)).Patch();
        AssertOrder("[class]A[method]");
    }

    [TestMethod]
    public void Before_and_after_on_a_class()
    {
        Add("a", A, Priority.High);
        Add("b", B, Priority.Low);
        Guarded.CreateClassProcessor(typeof(BetweenClass)).Patch();
        AssertOrder("B[between]A");
        var patch = Harmony.GetPatchInfo(Target)!.Prefixes.Single(patch => patch.owner == Owner);
        CollectionAssert.AreEqual(new[] { "a" }, patch.before);
        CollectionAssert.AreEqual(new[] { "b" }, patch.after);
    }

    [TestMethod]
    public void Sorted_patches_as_a_list()
    {
        Add("a", A, Priority.Low);
        Add("b", B);
        var prefixes = Harmony.GetPatchInfo(Target)!.Prefixes.ToArray();
        CollectionAssert.AreEqual(new[] { "A", "B" }, prefixes.Select(patch => patch.PatchMethod.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "B", "A" }, PatchProcessor.GetSortedPatchMethods(Target, prefixes).Select(method => method.Name).ToArray());
    }

    [TestMethod]
    public void Named_priorities_are_those_of_HarmonyLib() => CollectionAssert.AreEqual(new[] { 0, 100, 200, 300, 400, 500, 600, 700, 800 }, new[]
    {
        Priority.Last, Priority.VeryLow, Priority.Low, Priority.LowerThanNormal, Priority.Normal, Priority.HigherThanNormal, Priority.High, Priority.VeryHigh, Priority.First,
    });

    [TestMethod]
    public void Descriptions_of_patches_that_are_nowhere_are_sorted()
    {
        Patch[] patches =
        [
            new(new HarmonyMethod(A), 0, "a"),
            new(((Delegate)B).Method, 1, "b", Priority.High, ["c"], [], debug: false),
            new(new HarmonyMethod(C, Priority.First), 2, "c"),
        ];
        Assert.AreEqual("BCA", string.Concat(PatchProcessor.GetSortedPatchMethods(Target, patches).Select(static method => method.Name)));
    }
}
