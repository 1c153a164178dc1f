using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Tests;

/// <summary>Patches in methods that are inlined into other patched methods.</summary>
[TestClass]
public sealed class InlinedTargetTests
{
    static int _outer, _inner;

    static void SeeOuter() => _outer++;
    static void SeeInner() => _inner++;

    /// <summary>
    /// An assembly of its own, without the test project's Debug flag, under which nothing is inlined:
    /// Outer calls Inner, is optimized from its first call, and has Inner inlined.
    /// </summary>
    static Type OptimizedType()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Optimized"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Optimized").DefineType("Optimized", TypeAttributes.Public);
        var inner = type.DefineMethod("Inner", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]);
        inner.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
        var code = inner.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Ret);
        var outer = type.DefineMethod("Outer", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]);
        outer.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
        code = outer.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, inner);
        code.Emit(OpCodes.Ret);
        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);
        return Assembly.Load(image.ToArray()).GetType("Optimized")!;
    }

    [TestMethod]
    public void Patch_stays_when_a_method_inlined_into_the_patched_one_is_patched_later()
    {
        var type = OptimizedType();
        var (outer, inner) = (type.GetMethod("Outer")!, type.GetMethod("Inner")!);
        var call = outer.CreateDelegate<Func<int, int>>();
        var harmony = new Harmony("inlined");
        try
        {
            Assert.AreEqual(2, call(1));
            harmony.Patch(outer, postfix: new HarmonyMethod(SeeOuter));
            Assert.AreEqual(2, call(1));
            Assert.AreEqual((1, 0), (_outer, _inner));
            harmony.Patch(inner, postfix: new HarmonyMethod(SeeInner));
            Assert.AreEqual(2, call(1));
            Assert.AreEqual((2, 1), (_outer, _inner));
        }
        finally
        {
            harmony.UnpatchAll("inlined");
        }
        Assert.AreEqual(2, call(1));
        Assert.AreEqual((2, 1), (_outer, _inner));
    }
}
