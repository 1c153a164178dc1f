using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>Prepare, TargetMethod, TargetMethods and Cleanup (harmony.pardeike.net, «Auxiliary methods»).</summary>
[TestClass]
public sealed class AuxiliaryMethodsPageTests : PatchingTest
{
    static readonly MethodInfo Add = Method(typeof(Targets), nameof(Targets.Add)), Nothing = Method(typeof(Targets), nameof(Targets.Nothing));

    List<MethodInfo>? Install(Type patchClass) => Guarded.CreateClassProcessor(patchClass).Patch();

    string Failure(Type patchClass) => Assert.ThrowsExactly<HarmonyException>(() => Install(patchClass)).Message;

    [HarmonyPatch]
    static class Everything
    {
        static void Prepare(MethodBase? original, Harmony harmony) => Seen.Add($"prepare {original?.Name ?? "class"} {harmony.Id}");
        static IEnumerable<MethodBase> TargetMethods()
        {
            Seen.Add("targets");
            yield return Add;
            yield return Nothing;
        }
        static void Prefix(MethodBase __originalMethod) => Seen.Add($"call {__originalMethod.Name}");
        static void Cleanup(MethodBase? original, Exception? ex) => Seen.Add($"cleanup {original?.Name ?? "class"} {ex?.Message}");
    }

    [TestMethod]
    public void Class_first_then_each_target_then_cleanup_and_the_class_last()
    {
        CollectionAssert.AreEqual(new[] { Add, Nothing }, Install(typeof(Everything)));
        Targets.Nothing();
        AssertSeen("prepare class tests", "targets", "prepare Add tests", "prepare Nothing tests", "cleanup Add ", "cleanup Nothing ", "cleanup class ", "call Nothing");
    }

    [HarmonyPatch]
    static class OtherNames
    {
        [HarmonyPrepare] static bool First() => true;
        [HarmonyTargetMethod] static MethodInfo Which(Harmony harmony) => harmony.Id == Owner ? Nothing : Add;
        [HarmonyPrefix] static void Patch() => Seen.Add("call");
        [HarmonyCleanup] static void Last() => Seen.Add("cleanup");
    }

    [TestMethod]
    public void Annotations_instead_of_names()
    {
        Assert.AreSame(Nothing, Install(typeof(OtherNames))!.Single());
        Targets.Nothing();
        AssertSeen("cleanup", "cleanup", "call");
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class NotThisClass
    {
        static bool Prepare() => false;
        static MethodBase TargetMethod() => throw new InvalidOperationException("never asked");
        static void Prefix() => Seen.Add("never");
    }

    [HarmonyPatch]
    static class NotThisTarget
    {
        static bool Prepare(MethodBase? original) => original != Add;
        static MethodBase[] TargetMethods() => [Add, Nothing];
        static void Prefix(MethodBase __originalMethod) => Seen.Add(__originalMethod.Name);
    }

    [TestMethod]
    public void Prepare_skips_the_class_or_one_target()
    {
        Assert.IsEmpty(Install(typeof(NotThisClass))!);
        Assert.AreSame(Nothing, Install(typeof(NotThisTarget))!.Single());
        Targets.Add(1, 2);
        Targets.Nothing();
        AssertSeen("Nothing");
    }

    [HarmonyPatch] static class NullTarget { static MethodBase? TargetMethod() => null; static void Prefix() { } }
    [HarmonyPatch] static class NullAmongTargets { static IEnumerable<MethodBase?> TargetMethods() => [Add, null]; static void Prefix() { } }
    [HarmonyPatch] static class WrongTargets { static int TargetMethods() => 1; static void Prefix() { } }
    [HarmonyPatch] static class ThrowingTarget { static MethodBase TargetMethod() => throw new InvalidOperationException("no target"); static void Prefix() { } }
    [HarmonyPatch] static class ThrowingTargets
    {
        static IEnumerable<MethodBase> TargetMethods()
        {
            yield return Add;
            throw new InvalidOperationException("no more");
        }
        static void Prefix() { }
    }
    [HarmonyPatch(typeof(Targets), "Add")] static class ThrowingPrepare { static bool Prepare() => throw new InvalidOperationException("not prepared"); static void Prefix() { } }
    [HarmonyPatch(typeof(Targets), "Add")] static class WantsTooMuch { static bool Prepare(int number) => number > 0; static void Prefix() { } }
    [HarmonyPatch(typeof(Targets), "Add")] sealed class NotStatic { public bool Prepare() => GetHashCode() > 0; static void Prefix() { } }
    [HarmonyPatch(typeof(Targets), "Add")] static class ThrowingCleanup { static void Cleanup(MethodBase? original) => throw new InvalidOperationException($"cleanup {original?.Name}"); static void Prefix() { } }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    [DataRow(typeof(NullTarget), "NullTarget.TargetMethod returned an unexpected result: null")]
    [DataRow(typeof(NullAmongTargets), "NullAmongTargets.TargetMethods returned an unexpected result: some element was null")]
    [DataRow(typeof(WrongTargets), "WrongTargets.TargetMethods has wrong return type, System.Int32 (should be assignable to IEnumerable<MethodBase>)")]
    [DataRow(typeof(ThrowingTarget), "ThrowingTarget.TargetMethod failed: no target")]
    [DataRow(typeof(ThrowingTargets), "ThrowingTargets.TargetMethods failed: no more")]
    [DataRow(typeof(ThrowingPrepare), "ThrowingPrepare.Prepare failed: not prepared")]
    [DataRow(typeof(WantsTooMuch), "WantsTooMuch.Prepare wants (System.Int32 number); it can have a MethodBase, a Harmony or an Exception")]
    [DataRow(typeof(NotStatic), "NotStatic.Prepare must be static")]
    [DataRow(typeof(ThrowingCleanup), "ThrowingCleanup.Cleanup failed: cleanup Add")]
    public void Failures_of_auxiliary_methods(Type patchClass, string reason) => Assert.AreEqual($"{patchClass.Name} stays off: {reason}", Failure(patchClass));

    const string WrongPrefix = "Patching exception in method static System.Int32 HarmonyLib.Tests.Targets::Add(System.Int32 left, System.Int32 right): ";

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class SeesFailure
    {
        static void Prefix(string left) => Seen.Add(left);
        static void Cleanup(MethodBase? original, Exception? ex) => Seen.Add($"{original?.Name ?? "class"} {ex!.Message[..WrongPrefix.Length]}");
    }

    [TestMethod]
    public void Cleanup_sees_the_failure()
    {
        StringAssert.StartsWith(Failure(typeof(SeesFailure)), "SeesFailure stays off: " + WrongPrefix);
        AssertSeen($"Add {WrongPrefix}", $"class {WrongPrefix}");
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class ReplacesFailure
    {
        static void Prefix(string left) => Seen.Add(left);
        static Exception? Cleanup(MethodBase? original, Exception? ex) => original is null ? ex : new InvalidOperationException("replaced", ex);
    }

    [TestMethod]
    public void Cleanup_replaces_the_failure()
    {
        var thrown = Assert.ThrowsExactly<HarmonyException>(() => Install(typeof(ReplacesFailure)));
        Assert.AreEqual("ReplacesFailure stays off: replaced", thrown.Message);
        Assert.IsInstanceOfType<InvalidOperationException>(thrown.InnerException);
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class SuppressesFailure
    {
        static void Prefix(string left) => Seen.Add(left);
        static Exception? Cleanup() => null;
    }

    [HarmonyPatch(typeof(Targets), "Missing")]
    static class SuppressesMissing
    {
        static void Prefix() { }
        static Exception? Cleanup(Exception ex)
        {
            Seen.Add(ex.Message);
            return null;
        }
    }

    [TestMethod]
    public void Cleanup_suppresses_the_failure()
    {
        Install(typeof(SuppressesFailure));
        Install(typeof(SuppressesMissing));
        Assert.IsEmpty(Harmony.GetAllPatchedMethods());
        AssertSeen("Undefined target method for patch method static System.Void HarmonyLib.Tests.Documentation.AuxiliaryMethodsPageTests+SuppressesMissing::Prefix(): HarmonyLib.Tests.Targets has no method Missing");
    }

    [HarmonyPatch]
    static class OneOfTwoFails
    {
        static MethodBase[] TargetMethods() => [Add, Nothing];
        static void Prefix(int left) => Seen.Add(left);
        static void Cleanup(MethodBase? original, Exception? ex) => Seen.Add($"{original?.Name ?? "class"} {ex is not null}");
    }

    [HarmonyPatch]
    static class FirstOfTwoFails
    {
        static MethodBase[] TargetMethods() => [Nothing, Add];
        static void Prefix(int left) => Seen.Add(left);
        static void Cleanup(MethodBase? original, Exception? ex) => Seen.Add($"{original?.Name ?? "class"} {ex is not null}");
    }

    [TestMethod]
    [DataRow(typeof(OneOfTwoFails), "Add False, Nothing True, class True")]
    [DataRow(typeof(FirstOfTwoFails), "Nothing True, Add False, class True")]
    public void Cleanup_is_called_for_every_target_though_one_fails(Type patchClass, string expected)
    {
        Assert.Contains("Patching exception in method static System.Void HarmonyLib.Tests.Targets::Nothing(): ", Failure(patchClass));
        Assert.AreEqual(expected, string.Join(", ", Seen));
        Assert.AreSame(Add, Harmony.GetAllPatchedMethods().Single());
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class BreaksTheCode
    {
        static IEnumerable<CodeInstruction> Transpiler(IEnumerable<CodeInstruction> instructions) => [new CodeInstruction(System.Reflection.Emit.OpCodes.Call, null), .. instructions];

        static Exception? Cleanup(Exception? ex)
        {
            Seen.Add((ex as HarmonyException)?.GetErrorIndex());
            return ex is HarmonyException ? new ArgumentException("mine", ex) : ex;
        }
    }

    [TestMethod]
    public void Cleanup_learns_more_from_a_HarmonyException()
    {
        var failure = Assert.ThrowsExactly<HarmonyException>(() => Guarded.CreateClassProcessor(typeof(BreaksTheCode)).Patch());
        Assert.AreEqual("mine", ((ArgumentException)failure.InnerException!).Message);
        AssertSeen(0, null);
    }
}
