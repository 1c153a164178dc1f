using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>
/// What stands for an instruction that refers to something the original's module has no reference to: a call through an address. A static method is called directly;
/// anything else by a method that is made for it, which may see everything, because the original may not, and which is kept for ever.
/// </summary>
/// <param name="Pointer">What is called, or with no signature what is loaded.</param>
/// <param name="Signature">The call's signature.</param>
sealed record Indirection(nint Pointer, byte[]? Signature)
{
    static readonly ConcurrentDictionary<(OpCode, object), Lazy<Indirection>> All = [];
    static readonly List<DynamicMethod> Kept = [];

    public void Write(IlWriter il)
    {
        if (Signature is not null)
            il.CallIndirect(Pointer, Signature);
        else
            il.LoadAddress(Pointer);
    }

    /// <exception cref="NotSupportedException">The instruction cannot be done so.</exception>
    public static Indirection For(OpCode opcode, object operand) => All.GetOrAdd((opcode, operand), static key => new(() => Make(key.Item1, key.Item2))).Value;

    static Indirection Make(OpCode opcode, object operand) => operand switch
    {
        BoundMethod bound => MakeBound(bound.Bound),
        MethodBase method => MakeMethod(opcode, method),
        FieldInfo field => MakeField(opcode, field),
        Type type => MakeType(opcode, type),
        _ => throw new NotSupportedException($"{operand.GetType()} is no operand for it"),
    };

    static Indirection MakeMethod(OpCode opcode, MethodBase method)
    {
        if (method.ContainsGenericParameters)
            throw new NotSupportedException($"{method.FullDescription()} has type variables, and the original's module has no reference to it");
        if (opcode == OpCodes.Ldtoken)
            return Made("ldtoken", typeof(RuntimeMethodHandle), [], il => Emit(il, OpCodes.Ldtoken, method));
        if (opcode == OpCodes.Ldftn)
            return new(Pointing(method), null);
        if (opcode == OpCodes.Ldvirtftn)
            return Made("ldvirtftn", typeof(nint), [typeof(object)], il => Emit(il, opcode, method));
        Type[] parameters = method.GetParameters().Types();
        if (opcode == OpCodes.Newobj)
            return Made("new", method.DeclaringType!, parameters, il => Emit(il, opcode, method));
        if (opcode != OpCodes.Call && opcode != OpCodes.Callvirt)
            throw new NotSupportedException($"{opcode.Name} cannot have a method that the original's module has no reference to");
        var returned = AccessTools.GetReturnedType(method);
        if (!method.IsStatic)
            return Made(method.Name, returned, [method.DeclaringType!.IsValueType ? method.DeclaringType.MakeByRefType() : method.DeclaringType, .. parameters], il => Emit(il, opcode, method));
        return method is DynamicMethod || method.IsGenericMethod || method.DeclaringType is null or { IsGenericType: true }
            ? Made(method.Name, returned, parameters, il => Emit(il, OpCodes.Call, method))
            : new(method.MethodHandle.GetFunctionPointer(), SignatureOf(returned, parameters));
    }

    static nint Pointing(MethodBase method) => method is not DynamicMethod && !method.IsGenericMethod && method.DeclaringType is { IsGenericType: false, IsValueType: false }
        ? method.MethodHandle.GetFunctionPointer()
        : throw new NotSupportedException($"the address of {method.FullDescription()} cannot be given: it is generic, of a struct or dynamic");

    static Indirection MakeField(OpCode opcode, FieldInfo field)
    {
        var declaring = field.DeclaringType!;
        if (declaring.ContainsGenericParameters)
            throw new NotSupportedException($"{declaring}.{field.Name} has type variables, and the original's module has no reference to it");
        if (opcode == OpCodes.Ldtoken)
            return Made("ldtoken", typeof(RuntimeFieldHandle), [], il => il.Emit(OpCodes.Ldtoken, field));
        if (!field.IsStatic && declaring.IsValueType)
            throw new NotSupportedException($"{declaring}.{field.Name} is a field of a struct, which may lie on the stack as a value or as a reference, and the original's module has no reference to it");
        var isStore = opcode == OpCodes.Stfld || opcode == OpCodes.Stsfld;
        var isAddress = opcode == OpCodes.Ldflda || opcode == OpCodes.Ldsflda;
        Type[] instance = field.IsStatic ? [] : [declaring];
        return Made(field.Name, isStore ? typeof(void) : isAddress ? field.FieldType.MakeByRefType() : field.FieldType, isStore ? [.. instance, field.FieldType] : instance, il => il.Emit(opcode, field));
    }

    static Indirection MakeType(OpCode opcode, Type type)
    {
        if (type.ContainsGenericParameters)
            throw new NotSupportedException($"{type} has type variables, and the original's module has no reference to it");
        (Type Returned, Type[] Parameters) shape =
            opcode == OpCodes.Castclass || opcode == OpCodes.Unbox_Any ? (type, [typeof(object)])
            : opcode == OpCodes.Isinst ? (typeof(object), [typeof(object)])
            : opcode == OpCodes.Box ? (typeof(object), [type])
            : opcode == OpCodes.Unbox ? (type.MakeByRefType(), [typeof(object)])
            : opcode == OpCodes.Newarr ? (type.MakeArrayType(), [typeof(nint)])
            : opcode == OpCodes.Ldelema ? (type.MakeByRefType(), [type.MakeArrayType(), typeof(nint)])
            : opcode == OpCodes.Ldtoken ? (typeof(RuntimeTypeHandle), [])
            : throw new NotSupportedException($"{opcode.Name} cannot have a type that the original may not see");
        return Made(opcode.Name!, shape.Returned, shape.Parameters, il => il.Emit(opcode, type));
    }

    /// <summary>A delegate lives in an array that is kept, and its place is a constant.</summary>
    static Indirection MakeBound(Delegate bound)
    {
        int index;
        lock (Delegates)
        {
            Delegates.Add(bound);
            index = Delegates.Count - 1;
        }
        var invoke = bound.GetType().GetMethod("Invoke")!;
        return Made(bound.Method.Name, invoke.ReturnType, invoke.GetParameters().Types(), il => il.Emit(OpCodes.Callvirt, invoke), il =>
        {
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Call, typeof(Indirection).GetMethod(nameof(DelegateAt), AccessTools.allDeclared)!);
            il.Emit(OpCodes.Castclass, bound.GetType());
        });
    }

    static readonly List<Delegate> Delegates = [];

    static Delegate DelegateAt(int index)
    {
        lock (Delegates)
            return Delegates[index];
    }

    static void Emit(ILGenerator il, OpCode opcode, MethodBase method)
    {
        if (method is ConstructorInfo constructor)
            il.Emit(opcode, constructor);
        else
            il.Emit(opcode, (MethodInfo)method);
    }

    static Indirection Made(string name, Type returned, Type[] parameters, Action<ILGenerator> write, Action<ILGenerator>? before = null)
    {
        var method = new DynamicMethod(name, returned, parameters, typeof(Indirection).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        before?.Invoke(il);
        for (var i = 0; i < parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        write(il);
        il.Emit(OpCodes.Ret);
        return new(AddressOf(method), SignatureOf(returned, parameters));
    }

    static byte[] SignatureOf(Type returned, Type[] parameters)
    {
        var signature = new List<byte> { 0x00 };
        SignatureReader.Append(signature, parameters.Length);
        signature.AddRange(returned == typeof(void) ? [Element.Void] : TypeSignature.OfArgument(returned));
        foreach (var parameter in parameters)
            signature.AddRange(TypeSignature.OfArgument(parameter));
        return [.. signature];
    }

    /// <summary>The address of a method that is made at run time, which from here on is never collected.</summary>
    /// <exception cref="NotSupportedException">This runtime does not tell it.</exception>
    public static nint AddressOf(DynamicMethod method)
    {
        lock (Kept)
            Kept.Add(method);
        try
        {
            var handle = Descriptor(method);
            RuntimeHelpers.PrepareMethod(handle);
            return handle.GetFunctionPointer();
        }
        catch (MissingMethodException e)
        {
            throw new NotSupportedException($"this runtime does not tell where a method is that is made at run time ({e.Message})", e);
        }
    }

    /// <summary>The only way to its handle; DynamicMethod.MethodHandle throws.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetMethodDescriptor")]
    static extern RuntimeMethodHandle Descriptor(DynamicMethod method);
}
