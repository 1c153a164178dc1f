using System.Buffers.Binary;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>Types in signatures of the original's module that it need not have a reference to: by the runtime's own handle (decisions/0008).</summary>
static class TypeSignature
{
    /// <exception cref="NotSupportedException">It is made of type variables.</exception>
    public static byte[] Of(Type type)
    {
        if (type.IsByRef)
            return [Element.ByRef, .. Of(type.GetElementType()!)];
        if (type == typeof(object))
            return [Element.Object];
        if (type == typeof(string))
            return [Element.String];
        if (type == typeof(void))
            return [Element.Void];
        if (type.IsPointer || type.IsFunctionPointer)
            return [Element.NativeInt];
        if (Element.Primitive(type) is not 0 and var primitive)
            return [primitive];
        if (type.IsGenericParameter)
        {
            var variable = new List<byte> { type.DeclaringMethod is null ? Element.TypeVariable : Element.MethodVariable };
            SignatureReader.Append(variable, type.GenericParameterPosition);
            return [.. variable];
        }
        if (type is { IsSZArray: true, ContainsGenericParameters: true })
            return [Element.Vector, .. Of(type.GetElementType()!)];
        if (type.ContainsGenericParameters)
            throw new NotSupportedException($"{type} is made of type variables, and the original's module has no reference to it");
        if (type.IsCollectible)
            throw new NotSupportedException($"{type} can be unloaded, and the code would not keep it");
        var signature = new byte[1 + sizeof(long)];
        signature[0] = Element.Internal;
        BinaryPrimitives.WriteInt64LittleEndian(signature.AsSpan(1), type.TypeHandle.Value);
        return signature;
    }

    /// <summary>Of a local variable.</summary>
    public static byte[] OfLocal(Type type) => Of(type);

    /// <summary>What travels in a call: references as objects.</summary>
    public static byte[] OfArgument(Type type) => type.IsByRef ? [Element.ByRef, .. type.GetElementType() is { IsValueType: false } referred && !referred.IsPointer ? [Element.Object] : Of(type.GetElementType()!)]
        : type.IsValueType || type.IsPointer || type.IsFunctionPointer ? Of(type) : [Element.Object];
}
