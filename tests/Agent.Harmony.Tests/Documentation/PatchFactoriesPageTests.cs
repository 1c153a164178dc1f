using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «Patching»: patches that are made at run time.</summary>
[TestClass]
[TestCategory("NotUnderWine")]
public sealed class PatchFactoriesPageTests : PatchingTest
{
    static readonly MethodInfo Adding = Method(typeof(Targets), nameof(Targets.Add));

    static HarmonyMethod Named(string name) => new(typeof(PatchFactoriesPageTests), name);

    static void SeesLeft(int left) => Seen.Add($"left {left}");
    static void SeesDepth(int depth) => Seen.Add($"depth {depth}");
    static MethodInfo ByTarget(MethodBase original) => AccessTools.Method(typeof(PatchFactoriesPageTests), original.Name == nameof(Targets.Add) ? nameof(SeesLeft) : nameof(SeesDepth))!;

    [TestMethod]
    public void A_factory_makes_a_patch_for_each_target()
    {
        Guarded.Patch(Adding, Named(nameof(ByTarget)));
        Guarded.Patch(Method(typeof(Targets), nameof(Targets.Recursive)), Named(nameof(ByTarget)));
        Targets.Add(1, 2);
        Targets.Recursive(0);
        AssertSeen("left 1", "depth 0");
        Assert.AreEqual(nameof(ByTarget), Harmony.GetPatchInfo(Adding)!.Prefixes.Single().PatchMethod.Name);
        Assert.AreEqual(nameof(SeesLeft), Harmony.GetPatchInfo(Adding)!.Prefixes.Single().GetMethod(Adding).Name);
        Guarded.Unpatch(Adding, AccessTools.Method(typeof(PatchFactoriesPageTests), nameof(ByTarget))!);
        Targets.Add(1, 2);
        Assert.HasCount(2, Seen);
    }

    /// <summary>`left += 1`.</summary>
    static DynamicMethod Increment(MethodBase original)
    {
        var method = new DynamicMethod($"Increment{original.Name}", typeof(void), [typeof(int).MakeByRefType()], typeof(PatchFactoriesPageTests).Module, skipVisibility: true);
        method.DefineParameter(1, ParameterAttributes.None, "left");
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ret);
        return method;
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_dynamic_method_is_a_patch(bool isFromFactory)
    {
        Guarded.Patch(Adding, isFromFactory ? Named(nameof(Increment)) : new HarmonyMethod(Increment(Adding)));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.AreEqual(4, Targets.Add(1, 2));
        Guarded.UnpatchAll();
        Assert.AreEqual(3, Targets.Add(1, 2));
    }

    static MethodInfo Fails(MethodBase original) => throw new InvalidOperationException($"no patch for {original.Name}");
    static MethodInfo? Forgets(MethodBase original) => original.IsStatic ? null : (MethodInfo)original;

    [TestMethod]
    public void A_factory_that_fails_is_said()
    {
        Assert.AreEqual("the factory PatchFactoriesPageTests.Fails failed: no patch for Add", Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Adding, Named(nameof(Fails)))).Message);
        Assert.AreEqual("the factory PatchFactoriesPageTests.Forgets failed: it returned nothing", Assert.ThrowsExactly<HarmonyException>(() => Guarded.Patch(Adding, Named(nameof(Forgets)))).Message);
        Assert.AreEqual(3, Targets.Add(1, 2));
    }
}
