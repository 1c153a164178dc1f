using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>What Harmony and PatchProcessor put in, take out and tell.</summary>
[TestClass]
public sealed class BasicsPageTests : PatchingTest
{
    static readonly MethodInfo Add = Method(typeof(Targets), nameof(Targets.Add)), Nothing = Method(typeof(Targets), nameof(Targets.Nothing));
    readonly Harmony _other = new("other");

    static void Prefix() => Seen.Add("prefix");
    static void Postfix() => Seen.Add("postfix");
    static void Finalizer() => Seen.Add("finalizer");
    static void Other() => Seen.Add("other");

    static MethodInfo Patched(string name) => Method(typeof(BasicsPageTests), name);

    static void AssertCalls(params object[] expected)
    {
        Seen.Clear();
        Targets.Nothing();
        AssertSeen(expected);
    }

    void PatchNothingTwice()
    {
        Patch(Nothing, Prefix, Postfix, Finalizer);
        Patch(_other, Nothing, Other, Other, Other);
        AssertCalls("prefix", "other", "postfix", "other", "finalizer", "other");
    }

    [TestMethod]
    public void Patch_returns_the_original() => Assert.AreSame(Nothing, Guarded.Patch(Nothing, new HarmonyMethod(Prefix)));

    [TestMethod]
    public void Unpatch_by_kind_and_owner()
    {
        PatchNothingTwice();
        Guarded.Unpatch(Nothing, HarmonyPatchType.Prefix, "other");
        AssertCalls("prefix", "postfix", "other", "finalizer", "other");
        Guarded.Unpatch(Nothing, HarmonyPatchType.Postfix);
        AssertCalls("prefix", "finalizer", "other");
        Guarded.Unpatch(Nothing, HarmonyPatchType.All, Owner);
        AssertCalls("other");
        Guarded.Unpatch(Nothing, HarmonyPatchType.Transpiler, "*");
        Guarded.Unpatch(Nothing, HarmonyPatchType.ReversePatch);
        AssertCalls("other");
        Guarded.Unpatch(Nothing, HarmonyPatchType.Finalizer, "*");
        AssertCalls();
        Assert.IsNull(Harmony.GetPatchInfo(Nothing));
    }

    [TestMethod]
    public void Unpatch_one_patch_method_whoever_owns_it()
    {
        PatchNothingTwice();
        Guarded.Unpatch(Nothing, Patched(nameof(Other)));
        AssertCalls("prefix", "postfix", "finalizer");
        Guarded.Unpatch(Nothing, Patched(nameof(Postfix)));
        AssertCalls("prefix", "finalizer");
    }

    [TestMethod]
    public void Unpatch_what_is_not_there_does_nothing()
    {
        Guarded.Unpatch(Nothing, HarmonyPatchType.All);
        Guarded.Unpatch(Nothing, Patched(nameof(Other)));
        Guarded.UnpatchAll("nobody");
        Patch(Nothing, Prefix);
        Guarded.Unpatch(Nothing, Patched(nameof(Other)));
        AssertCalls("prefix");
    }

    [TestMethod]
    public void UnpatchAll_of_one_owner_or_of_all()
    {
        PatchNothingTwice();
        Patch(_other, Add, Other);
        Guarded.UnpatchAll("other");
        AssertCalls("prefix", "postfix", "finalizer");
        Assert.AreSame(Nothing, Harmony.GetAllPatchedMethods().Single());
        Patch(_other, Add, Other);
        Guarded.UnpatchAll();
        AssertCalls();
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }

    [TestMethod]
    public void Patched_methods_of_one_owner_and_of_all()
    {
        Patch(Nothing, Prefix);
        Patch(_other, Add, Other);
        Assert.AreSame(Nothing, Guarded.GetPatchedMethods().Single());
        Assert.AreSame(Add, _other.GetPatchedMethods().Single());
        CollectionAssert.AreEquivalent(new[] { Nothing, Add }, Harmony.GetAllPatchedMethods().ToArray());
        CollectionAssert.AreEquivalent(new[] { Nothing, Add }, PatchProcessor.GetAllPatchedMethods().ToArray());
        Assert.IsTrue(Harmony.HasAnyPatches(Owner));
        Assert.IsTrue(Harmony.HasAnyPatches("other"));
        Assert.IsFalse(Harmony.HasAnyPatches("nobody"));
    }

    [TestMethod]
    public void Patch_info_tells_everything_about_each_patch()
    {
        Guarded.Patch(Nothing, new HarmonyMethod(Prefix, Priority.High, ["a"], ["b"]), new HarmonyMethod(Postfix), finalizer: new HarmonyMethod(Finalizer));
        Patch(_other, Nothing, Other);
        var info = Harmony.GetPatchInfo(Nothing)!;
        CollectionAssert.AreEqual(new[] { Owner, "other" }, info.Owners);
        Assert.IsEmpty(info.Transpilers);
        var first = info.Prefixes[0];
        Assert.AreEqual((0, Owner, Patched(nameof(Prefix)), Priority.High, "a", "b"), (first.index, first.owner, first.PatchMethod, first.priority, first.before.Single(), first.after.Single()));
        var second = info.Prefixes[1];
        Assert.AreEqual((3, "other", Patched(nameof(Other)), Priority.Normal, 0, 0), (second.index, second.owner, second.PatchMethod, second.priority, second.before.Length, second.after.Length));
        Assert.AreEqual(Patched(nameof(Postfix)), info.Postfixes.Single().PatchMethod);
        Assert.AreEqual(Patched(nameof(Finalizer)), info.Finalizers.Single().PatchMethod);
        Assert.IsNull(Harmony.GetPatchInfo(Add));
    }

    [TestMethod]
    public void The_version_of_each_owner()
    {
        PatchNothingTwice();
        var versions = Harmony.VersionInfo(out var current);
        Assert.AreEqual(typeof(Harmony).Assembly.GetName().Version, current);
        CollectionAssert.AreEquivalent(new Dictionary<string, Version> { [Owner] = current, ["other"] = current }, versions);
    }

    [TestMethod]
    public void A_processor_installs_what_was_added_together()
    {
        var processor = Guarded.CreateProcessor(Nothing).AddPrefix(Patched(nameof(Prefix))).AddPostfix(Patched(nameof(Postfix))).AddFinalizer(Patched(nameof(Finalizer)))
            .AddPrefix(new HarmonyMethod(Other)).AddPostfix((HarmonyMethod?)null);
        AssertCalls();
        Assert.AreSame(Nothing, processor.Patch());
        AssertCalls("prefix", "other", "postfix", "finalizer");
        processor.Unpatch(HarmonyPatchType.Prefix, Owner).Unpatch(Patched(nameof(Finalizer)));
        AssertCalls("postfix");
    }

    [TestMethod]
    public void If_one_of_the_patches_is_refused_none_is_installed()
    {
        Patch(Nothing, Prefix);
        var processor = Guarded.CreateProcessor(Nothing).AddPostfix(new HarmonyMethod(Postfix)).AddPostfix(new HarmonyMethod(WantsArgument));
        Assert.ThrowsExactly<HarmonyException>(() => processor.Patch());
        AssertCalls("prefix");
        Assert.IsEmpty(Harmony.GetPatchInfo(Nothing)!.Postfixes);
    }

    static void WantsArgument(int missing) => Seen.Add(missing);

    [TestMethod]
    public void A_refusal_names_the_method_the_patch_and_the_reason() => Assert.AreEqual(
        "HarmonyLib.Tests.Targets.Add(Int32, Int32) cannot be patched: BasicsPageTests.WantsArgument wants (System.Int32 missing): Parameter \"missing\" not found in method static System.Int32 HarmonyLib.Tests.Targets::Add(System.Int32 left, System.Int32 right)",
        Assert.ThrowsExactly<HarmonyException>(() => Patch(Add, WantsArgument)).Message);

    [TestMethod]
    public void The_same_patch_twice_runs_twice()
    {
        Patch(Nothing, Prefix);
        Patch(Nothing, Prefix);
        AssertCalls("prefix", "prefix");
    }

    [TestMethod]
    public void Many_methods_at_once()
    {
        var refused = Guarded.PatchMany([Nothing, Add], new HarmonyMethod(Prefix), new HarmonyMethod(Postfix), new HarmonyMethod(Finalizer));
        Assert.IsEmpty(refused);
        AssertCalls("prefix", "postfix", "finalizer");
        Assert.HasCount(2, Guarded.GetPatchedMethods());
    }

    [TestMethod]
    public void Patch_methods_are_found_by_type_and_name()
    {
        Guarded.Patch(Nothing, new HarmonyMethod(typeof(BasicsPageTests), nameof(Prefix)), new HarmonyMethod(typeof(BasicsPageTests), nameof(Postfix), []));
        AssertCalls("prefix", "postfix");
        Assert.ThrowsExactly<ArgumentException>(() => new HarmonyMethod(typeof(BasicsPageTests), "Missing"));
        Assert.ThrowsExactly<ArgumentNullException>(() => new HarmonyMethod((MethodInfo)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => Guarded.Patch(null!, new HarmonyMethod(Prefix)));
        Assert.ThrowsExactly<ArgumentException>(() => new Harmony(""));
        Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Nothing, new HarmonyMethod()));
    }

    [TestMethod]
    public void A_lambda_is_no_patch_because_it_is_not_static() =>
        Assert.EndsWith("must be static", Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Nothing, new HarmonyMethod(() => Seen.Add("lambda")))).Message);

    [TestMethod]
    public void Patching_without_any_patch_changes_nothing()
    {
        Assert.AreSame(Nothing, Guarded.Patch(Nothing));
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
    }
}
