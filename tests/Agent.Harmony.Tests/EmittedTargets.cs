using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Tests;

/// <summary>
/// Methods with IL that C# does not produce, in an assembly of their own. It has no RuntimeCompatibilityAttribute, so what its code throws
/// arrives in its handlers unwrapped; and no DebuggableAttribute, so its code is optimized also when these tests are compiled for debugging.
/// </summary>
static class EmittedTargets
{
    static readonly Type Emitted = Emit();

    public static MethodInfo Method(string name) => Emitted.GetMethod(name)!;

    public static T Delegate<T>(string name) where T : Delegate => Method(name).CreateDelegate<T>();

    static Type Emit()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("EmittedTargets"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("EmittedTargets").DefineType("EmittedTargets", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        EarlyReturns(type);
        HugeBody(type);
        HugeSwitch(type);
        Fault(type);
        TryToTheEnd(type);
        TailCalls(type);
        Jump(type);
        VariableArguments(type);
        ThrowString(type);
        CatchString(type);
        Modifiers(type);
        ManyVariables(type);
        DeepStack(type);
        UninitializedVariables(type);
        PrefixedInstructions(type);
        CallsSmall(type);
        LoopWhile(type);
        Compute(type);
        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);
        return Assembly.Load(image.ToArray()).GetType("EmittedTargets", throwOnError: true)!;
    }

    static ILGenerator Method(TypeBuilder type, string name, Type returns, params Type[] parameters) => Define(type, name, returns, parameters).GetILGenerator();

    static MethodBuilder Define(TypeBuilder type, string name, Type returns, params Type[] parameters)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, returns, parameters);
        for (var i = 0; i < parameters.Length; i++)
            method.DefineParameter(i + 1, ParameterAttributes.None, $"argument{i}");
        return method;
    }

    /// <summary>A short branch over fifty returns, each of which becomes longer: it can no longer be short.</summary>
    static void EarlyReturns(TypeBuilder type)
    {
        var il = Method(type, nameof(EarlyReturns), typeof(int), typeof(int));
        var (far, back, end) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Brtrue_S, far);
        il.MarkLabel(back);
        for (var i = 0; i < 50; i++)
        {
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Ret);
        }
        il.MarkLabel(far);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bgt_S, end);
        il.Emit(OpCodes.Br_S, back);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldc_I4_2);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>argument + 40,000 in 160 KB of code, with a branch from the start to the end.</summary>
    static void HugeBody(TypeBuilder type)
    {
        var il = Method(type, nameof(HugeBody), typeof(int), typeof(int));
        var end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Blt, end);
        for (var i = 0; i < 40_000; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Starg_S, (byte)0);
        }
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The square of 0 to 299, -1 for the rest.</summary>
    static void HugeSwitch(TypeBuilder type)
    {
        var il = Method(type, nameof(HugeSwitch), typeof(int), typeof(int));
        var cases = Enumerable.Range(0, 300).Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Switch, cases);
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Ret);
        for (var i = 0; i < cases.Length; i++)
        {
            il.MarkLabel(cases[i]);
            il.Emit(OpCodes.Ldc_I4, i * i);
            il.Emit(OpCodes.Ret);
        }
    }

    /// <summary>10 / argument; a fault handler adds «fault» to the list when it fails.</summary>
    static void Fault(TypeBuilder type)
    {
        var il = Method(type, nameof(Fault), typeof(int), typeof(int), typeof(List<string>));
        var result = il.DeclareLocal(typeof(int));
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldc_I4, 10);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Stloc, result);
        il.BeginFaultBlock();
        Note(il, OpCodes.Ldarg_1, "fault");
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ret);
    }

    static void Note(ILGenerator il, OpCode loadList, string text)
    {
        il.Emit(loadList);
        il.Emit(OpCodes.Ldstr, text);
        il.Emit(OpCodes.Callvirt, typeof(List<string>).GetMethod("Add")!);
    }

    /// <summary>Ends with a handler: nothing follows its last instruction. Always throws.</summary>
    static void TryToTheEnd(TypeBuilder type)
    {
        var il = Method(type, nameof(TryToTheEnd), typeof(void), typeof(List<string>));
        var loop = il.DefineLabel();
        il.MarkLabel(loop);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldstr, "thrown");
        il.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
        il.Emit(OpCodes.Throw);
        il.BeginFinallyBlock();
        Note(il, OpCodes.Ldarg_0, "finally");
        il.EndExceptionBlock();
        il.Emit(OpCodes.Br, loop);
    }

    static void TailCalls(TypeBuilder type)
    {
        var called = Define(type, "TailCalled", typeof(int), typeof(int));
        var il = called.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_2);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Ret);
        il = Method(type, nameof(TailCalls), typeof(int), typeof(int));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Tailcall);
        il.Emit(OpCodes.Call, called);
        il.Emit(OpCodes.Ret);
    }

    static void Jump(TypeBuilder type)
    {
        var target = Define(type, "JumpTarget", typeof(int), typeof(int));
        var il = target.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
        il = Method(type, nameof(Jump), typeof(int), typeof(int));
        il.Emit(OpCodes.Jmp, target);
    }

    static void VariableArguments(TypeBuilder type)
    {
        var method = type.DefineMethod(nameof(VariableArguments), MethodAttributes.Public | MethodAttributes.Static, CallingConventions.VarArgs, typeof(int), [typeof(int)]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Throws its argument, which is no exception.</summary>
    static void ThrowString(TypeBuilder type)
    {
        var il = Method(type, nameof(ThrowString), typeof(int), typeof(string));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Throw);
    }

    /// <summary>Throws its argument and returns what it caught: the same object, unwrapped.</summary>
    static void CatchString(TypeBuilder type)
    {
        var il = Method(type, nameof(CatchString), typeof(object), typeof(string));
        var caught = il.DeclareLocal(typeof(object));
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Throw);
        il.BeginCatchBlock(typeof(object));
        il.Emit(OpCodes.Stloc, caught);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, caught);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>A required and an optional modifier on the result and on each parameter.</summary>
    static void Modifiers(TypeBuilder type)
    {
        Type[] required = [typeof(System.Runtime.CompilerServices.IsVolatile)], optional = [typeof(System.Runtime.CompilerServices.IsConst)];
        var method = type.DefineMethod(nameof(Modifiers), MethodAttributes.Public | MethodAttributes.Static, CallingConventions.Standard,
            typeof(string), required, optional, [typeof(string), typeof(int).MakeByRefType()], [required, required], [optional, optional]);
        method.DefineParameter(1, ParameterAttributes.None, "text");
        method.DefineParameter(2, ParameterAttributes.None, "number");
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4_5);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Three hundred variables: those of the woven code have numbers over 255.</summary>
    static void ManyVariables(TypeBuilder type)
    {
        var il = Method(type, nameof(ManyVariables), typeof(int), typeof(int));
        for (var i = 0; i < 300; i++)
        {
            var local = il.DeclareLocal(typeof(int));
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Stloc, local);
        }
        il.Emit(OpCodes.Ldloc, (short)299);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The sum of a hundred copies of the argument, all on the stack at once.</summary>
    static void DeepStack(TypeBuilder type)
    {
        var il = Method(type, nameof(DeepStack), typeof(int), typeof(int));
        for (var i = 0; i < 100; i++)
            il.Emit(OpCodes.Ldarg_0);
        for (var i = 0; i < 99; i++)
            il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>A method that promises to initialize its variables itself.</summary>
    static void UninitializedVariables(TypeBuilder type)
    {
        var method = Define(type, nameof(UninitializedVariables), typeof(int), typeof(int));
        method.InitLocals = false;
        var il = method.GetILGenerator();
        var local = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stloc, local);
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Instructions with prefixes, a block copy and a pointer to a method in one body: argument + 1.</summary>
    static void PrefixedInstructions(TypeBuilder type)
    {
        var il = Method(type, nameof(PrefixedInstructions), typeof(int), typeof(int));
        var copy = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldloca, copy);
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldind_I4);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldloca, copy);
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Sizeof, typeof(int));
        il.Emit(OpCodes.Cpblk);
        il.Emit(OpCodes.Ldloca, copy);
        il.Emit(OpCodes.Constrained, typeof(int));
        il.Emit(OpCodes.Callvirt, typeof(object).GetMethod("GetHashCode")!);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Small(argument) + Small(argument), where Small(argument) is argument + 1: optimized from the first call, with Small inlined.</summary>
    static void CallsSmall(TypeBuilder type)
    {
        var small = Define(type, "Small", typeof(int), typeof(int));
        small.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
        var il = small.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
        var calls = Define(type, nameof(CallsSmall), typeof(int), typeof(int));
        calls.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
        il = calls.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, small);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, small);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>`for (long i = 0; argument1(i); i++); return argument0;`.</summary>
    static void LoopWhile(TypeBuilder type)
    {
        var il = Method(type, nameof(LoopWhile), typeof(int), typeof(int), typeof(Func<long, bool>));
        var i = il.DeclareLocal(typeof(long));
        var (loop, end) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(loop);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, i);
        il.Emit(OpCodes.Callvirt, typeof(Func<long, bool>).GetMethod("Invoke")!);
        il.Emit(OpCodes.Brfalse, end);
        il.Emit(OpCodes.Ldloc, i);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, i);
        il.Emit(OpCodes.Br, loop);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>argument * 3 + 1.</summary>
    static void Compute(TypeBuilder type)
    {
        var il = Method(type, nameof(Compute), typeof(long), typeof(long));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_3);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
    }
}
