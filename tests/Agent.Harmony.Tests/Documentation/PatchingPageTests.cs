using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Tests.Documentation;

/// <summary>All patch classes of an assembly, in categories or not, and classes whose target is loaded later.</summary>
[TestClass]
public sealed class PatchingPageTests : PatchingTest
{
    static readonly Assembly Patches = Emit("AssemblyWithPatches", module =>
    {
        EmitPatchClass(module, "Plain", nameof(Targets.Nothing), null);
        EmitPatchClass(module, "Red", nameof(Targets.Nothing), "red");
        EmitPatchClass(module, "Blue", nameof(Targets.Nothing), "blue");
        EmitPatchClass(module, "Broken", "Missing", "broken");
        EmitPatchClass(module, "BrokenToo", "Gone", "broken");
        EmitCallers(module);
    });

    /// <summary>What the emitted patches call.</summary>
    public static void Called(string patchClass) => Seen.Add(patchClass);

    static Assembly Emit(string name, Action<ModuleBuilder> define)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        define(assembly.DefineDynamicModule(name));
        using var image = new MemoryStream();
        assembly.Save(image);
        return Assembly.Load(image.ToArray());
    }

    /// <summary>`[HarmonyPatch(typeof(Targets), method)] [HarmonyPatchCategory(category)] class { public static void Prefix() => Called(name); }`.</summary>
    static void EmitPatchClass(ModuleBuilder module, string name, string method, string? category)
    {
        var type = module.DefineType(name, TypeAttributes.Public);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(HarmonyPatch).GetConstructor([typeof(Type), typeof(string)])!, [typeof(Targets), method]));
        if (category is not null)
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(HarmonyPatchCategory).GetConstructor([typeof(string)])!, [category]));
        var il = type.DefineMethod("Prefix", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []).GetILGenerator();
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Call, typeof(PatchingPageTests).GetMethod(nameof(Called))!);
        il.Emit(OpCodes.Ret);
        type.CreateType();
    }

    /// <summary>`public static void PatchAll(Harmony harmony) => harmony.PatchAll();` and so on: the calling assembly is this one.</summary>
    static void EmitCallers(ModuleBuilder module)
    {
        var type = module.DefineType("Callers", TypeAttributes.Public);
        foreach (var name in (string[])["PatchAll", "PatchAllUncategorized"])
        {
            var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(Harmony)]);
            method.SetImplementationFlags(MethodImplAttributes.NoOptimization); // would be gone from the stack if its last call became a jump
            var il = method.GetILGenerator();
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, typeof(Harmony).GetMethod(name, [])!);
            il.Emit(OpCodes.Ret);
        }
        type.CreateType();
    }

    void CallEmitted(string name) => Patches.GetType("Callers")!.GetMethod(name)!.CreateDelegate<Action<Harmony>>()(Guarded);

    static void AssertCalls(params object[] expected)
    {
        Seen.Clear();
        Targets.Nothing();
        CollectionAssert.AreEquivalent(expected, Seen);
    }

    const string Problems = "Broken stays off: Undefined target method for patch method static System.Void Broken::Prefix(): HarmonyLib.Tests.Targets has no method Missing|" +
        "BrokenToo stays off: Undefined target method for patch method static System.Void BrokenToo::Prefix(): HarmonyLib.Tests.Targets has no method Gone";

    static void AssertProblems(HarmonyException e) => Assert.AreEqual(Problems, e.Message.Replace(Environment.NewLine, "|", StringComparison.Ordinal));

    [TestMethod]
    public void All_classes_with_what_cannot_be_installed_in_one_exception()
    {
        AssertProblems(Assert.ThrowsExactly<HarmonyException>(() => Guarded.PatchAll(Patches)));
        AssertCalls("Plain", "Red", "Blue");
    }

    [TestMethod]
    public void All_classes_of_the_calling_assembly()
    {
        AssertProblems(Assert.ThrowsExactly<HarmonyException>(() => CallEmitted("PatchAll")));
        AssertCalls("Plain", "Red", "Blue");
    }

    [TestMethod]
    public void Classes_in_no_category()
    {
        Guarded.PatchAllUncategorized(Patches);
        AssertCalls("Plain");
        Guarded.UnpatchAll(Owner);
        CallEmitted("PatchAllUncategorized");
        AssertCalls("Plain");
    }

    [TestMethod]
    public void One_category_in_and_out()
    {
        Guarded.PatchCategory(Patches, "red");
        Guarded.PatchCategory(Patches, "blue");
        AssertCalls("Red", "Blue");
        Guarded.UnpatchCategory(Patches, "red");
        AssertCalls("Blue");
        Guarded.PatchCategory(Patches, "nothing");
        AssertCalls("Blue");
    }

    [TestMethod]
    public void Another_owner_of_the_same_classes_keeps_its_patches()
    {
        Guarded.PatchCategory(Patches, "red");
        new Harmony("other").PatchCategory(Patches, "red");
        Guarded.UnpatchCategory(Patches, "red");
        AssertCalls("Red");
    }

    [HarmonyPatchCategory("shared"), HarmonyPatch(typeof(Targets), nameof(Targets.Nothing))]
    static class Fits
    {
        static void Prefix() => Seen.Add("fits");
    }

    [HarmonyPatchCategory("shared"), HarmonyPatch(typeof(Targets), nameof(Targets.Nothing))]
    static class DoesNotFit
    {
        static void Prefix(int missing) => Seen.Add(missing);
    }

    [HarmonyPatchCategory("shared"), HarmonyPatch(typeof(Targets), nameof(Targets.Nothing))]
    static class FitsToo
    {
        static void Postfix() => Seen.Add("fits too");
    }

    [TestMethod]
    public void A_class_that_does_not_fit_keeps_no_other_class_out_of_the_same_method()
    {
        var message = Assert.ThrowsExactly<HarmonyException>(() => Guarded.PatchCategory(typeof(Fits).Assembly, "shared")).Message;
        Assert.StartsWith("DoesNotFit stays off: Patching exception in method static System.Void HarmonyLib.Tests.Targets::Nothing(): DoesNotFit.Prefix wants (System.Int32 missing)", message);
        Assert.DoesNotContain("Fits stays off", message);
        AssertCalls("fits", "fits too");
    }

    [HarmonyPatchCategory("late"), HarmonyPatch("LateType, LateAssembly", "Method")]
    static class LatePatch
    {
        static void Postfix(ref int __result) => __result += 100;
    }

    [HarmonyPatchCategory("late"), HarmonyPatch("LateType, LateAssembly", "Missing")]
    static class LateButMissing
    {
        static void Postfix() { }
    }

    static Func<int> LoadLate() => Emit("LateAssembly", module =>
    {
        var type = module.DefineType("LateType", TypeAttributes.Public);
        var il = type.DefineMethod("Method", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4_5);
        il.Emit(OpCodes.Ret);
        type.CreateType();
    }).GetType("LateType")!.GetMethod("Method")!.CreateDelegate<Func<int>>();

    [TestMethod]
    public void Classes_wait_for_the_assembly_of_their_target_and_each_copy_of_it_is_patched()
    {
        var mayPatch = true;
        var retries = new List<Action>();
        var early = LoadLate();
        var said = new List<string>();
        Guarded.PatchWhenLoaded(new Dictionary<string, Type[]> { ["LateAssembly"] = [typeof(LatePatch), typeof(LateButMissing)] }, retry =>
            {
                retries.Add(retry);
                return mayPatch;
            },
            (assembly, sentence) => said.Add($"{assembly.GetName().Name}: {sentence}"));
        Assert.AreEqual(105, early());
        Assert.AreEqual(105, LoadLate()());
        const string missing = "LateAssembly: LateButMissing stays off: Undefined target method for patch method static System.Void HarmonyLib.Tests.Documentation.PatchingPageTests+LateButMissing::Postfix(): LateType has no method Missing";
        CollectionAssert.AreEqual(new[] { missing, missing }, said);
        mayPatch = false;
        var notYet = LoadLate();
        Assert.AreEqual(5, notYet());
        mayPatch = true;
        retries[^1]();
        Assert.AreEqual(105, notYet());
        mayPatch = false; // the handler stays in the process; from now on it does nothing
        Assert.AreEqual(5, LoadLate()());
    }

    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void A_type_that_cannot_be_loaded_keeps_no_other_out()
    {
        var missing = new PersistedAssemblyBuilder(new AssemblyName("NowhereToBeFound"), typeof(object).Assembly).DefineDynamicModule("NowhereToBeFound").DefineType("Parent", TypeAttributes.Public);
        missing.CreateType();
        var assembly = Emit("AssemblyWithGap", module =>
        {
            module.DefineType("Orphan", TypeAttributes.Public, missing).CreateType();
            EmitPatchClass(module, "Fine", nameof(Targets.Nothing), null);
        });
        Assert.ThrowsExactly<ReflectionTypeLoadException>(assembly.GetTypes);
        Guarded.PatchAll(assembly);
        Targets.Nothing();
        AssertSeen("Fine");
    }
}
