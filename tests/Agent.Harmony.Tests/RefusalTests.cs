using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace HarmonyLib.Tests;

/// <summary>What cannot be patched is refused with a sentence before anything changes.</summary>
[TestClass]
public sealed class RefusalTests
{
    readonly Harmony _harmony = new("refusals");

    static void Empty() { }
    static void WrongName(int middle) => _ = middle;
    static void WrongType(string left) => _ = left;
    static void WrongReference(ref long __result) => __result = 0;
    static void ResultOfVoid(int __result) => _ = __result;
    static void InstanceOfStatic(int __instance) => _ = __instance;
    static void TooManyArguments(int __2) => _ = __2;
    static void ExceptionInPrefix(Exception __exception) => _ = __exception;

    [TestMethod]
    [DataRow(nameof(WrongName), "RefusalTests.WrongName wants (System.Int32 middle), but the method has no such parameter, only (left, right)")]
    [DataRow(nameof(WrongType), "RefusalTests.WrongType wants (System.String left), but it is a System.Int32")]
    [DataRow(nameof(WrongReference), "RefusalTests.WrongReference wants (System.Int64& __result), but it is a System.Int32")]
    [DataRow(nameof(InstanceOfStatic), "RefusalTests.InstanceOfStatic wants (System.Int32 __instance), but the method is static")]
    [DataRow(nameof(TooManyArguments), "RefusalTests.TooManyArguments wants (System.Int32 __2), but the method has 2 parameters")]
    [DataRow(nameof(ExceptionInPrefix), "RefusalTests.ExceptionInPrefix wants (System.Exception __exception), but only a finalizer sees the exception")]
    public void Patch_that_does_not_fit_the_shape(string patch, string reason)
    {
        var method = new HarmonyMethod(typeof(RefusalTests).GetMethod(patch, AccessTools.allDeclared)!);
        var e = Assert.ThrowsExactly<HarmonyException>(() => _harmony.Patch(typeof(Targets).GetMethod(nameof(Targets.Add))!, prefix: method));
        Assert.AreEqual($"HarmonyLib.Tests.Targets.Add(Int32, Int32) cannot be patched: {reason}", e.Message);
        Assert.AreEqual(5, Targets.Add(2, 3));
        Assert.IsEmpty(_harmony.GetPatchedMethods());
    }

    [TestMethod]
    public void Result_of_a_void_method()
    {
        var e = Assert.ThrowsExactly<HarmonyException>(() =>
            _harmony.Patch(typeof(Targets).GetMethod(nameof(Targets.Nothing))!, postfix: new HarmonyMethod(ResultOfVoid)));
        StringAssert.EndsWith(e.Message, "but the method returns nothing");
    }

    abstract class Abstract
    {
        public abstract void Method();
    }

    [DllImport("libc")]
    static extern int getpid();

    [TestMethod]
    public void Abstract_extern_and_dynamic_methods()
    {
        var dynamic = new DynamicMethod("dynamic", typeof(void), []);
        dynamic.GetILGenerator().Emit(OpCodes.Ret);
        Assert.AreEqual("it is abstract", Reason(typeof(Abstract).GetMethod("Method")!));
        Assert.AreEqual("it has no IL (extern)", Reason(typeof(RefusalTests).GetMethod(nameof(getpid), AccessTools.allDeclared)!));
        StringAssert.Contains(Reason(dynamic), "dynamic");

        string Reason(MethodBase method) =>
            Assert.ThrowsExactly<HarmonyException>(() => _harmony.Patch(method, prefix: new HarmonyMethod(Empty))).Message.Split("cannot be patched: ")[^1];
    }

    [HarmonyPatch(typeof(Targets), "Missing")]
    static class MissingTarget
    {
        static void Prefix() { }
    }

    [HarmonyPatch(typeof(Targets), nameof(Targets.Add))]
    static class NothingToPatch;

    [HarmonyPatch(typeof(Targets), nameof(Targets.Greet))]
    static class Fits
    {
        static void Postfix(ref string __result) => __result += "!";
    }

    [TestMethod]
    public void A_class_that_does_not_fit_stays_off()
    {
        var failed = new List<string>();
        foreach (var patchClass in (Type[])[typeof(MissingTarget), typeof(NothingToPatch), typeof(Fits)])
        {
            try
            {
                Assert.AreEqual("Greet", _harmony.CreateClassProcessor(patchClass).Patch()!.Single().Name);
            }
            catch (HarmonyException e)
            {
                failed.Add(e.Message);
            }
        }
        Assert.AreEqual("Ada 7!", new Targets().Greet("Ada"));
        CollectionAssert.AreEqual(new[]
        {
            "MissingTarget stays off: HarmonyLib.Tests.Targets has no method Missing",
            "NothingToPatch stays off: NothingToPatch has no Prefix, Postfix or Finalizer",
        }, failed);
        _harmony.UnpatchAll("refusals");
        Assert.AreEqual("Ada 7", new Targets().Greet("Ada"));
    }
}
