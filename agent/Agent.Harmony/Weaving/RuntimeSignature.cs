using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>
/// Types of patches in signatures of woven code. Their assemblies cannot be named in the original's module, so reference types are
/// `object` there, and value types ELEMENT_TYPE_INTERNAL with the runtime's own handle of the type (decisions/0008).
/// </summary>
static class RuntimeSignature
{
    public static byte[] Of(Type type)
    {
        if (type.IsByRef)
            return [Element.ByRef, .. Of(type.GetElementType()!)];
        if (type.IsPointer || type.IsFunctionPointer)
            return [Element.NativeInt];
        if (!type.IsValueType)
            return [Element.Object];
        if (Element.Primitive(type) is not 0 and var primitive)
            return [primitive];
        return Exactly(type);
    }

    /// <summary>A type as itself, also one whose objects are otherwise just objects: to cast to.</summary>
    public static byte[] Exactly(Type type)
    {
        var signature = new byte[1 + sizeof(long)];
        signature[0] = Element.Internal;
        BinaryPrimitives.WriteInt64LittleEndian(signature.AsSpan(1), type.TypeHandle.Value);
        return signature;
    }
}
