using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib.Transpiling;

/// <summary>What a method may use: the runtime checks that also in bodies that are replaced.</summary>
static class Access
{
    /// <summary>Whether a member has a token in the original's module, by which the original may use it.</summary>
    public static bool HasToken(MethodBase original, MemberInfo member)
    {
        if (member is Type type)
            return type.Module == original.Module && !type.IsGenericType && !type.HasElementType && !type.IsGenericParameter && IsOpen(original, type);
        return member is MethodBase or FieldInfo && member.DeclaringType is { IsGenericType: false, IsArray: false } declaring && member.Module == original.Module && member is not BoundMethod and not PatchedConstructor
            && member is not MethodInfo { IsGenericMethod: true } && member is not DynamicMethod && IsOpen(original, declaring) && (IsVisible(member) || Encloses(declaring, original.DeclaringType!));
    }

    /// <summary>Whether a type may stand in an instruction by its handle.</summary>
    public static bool IsNameable(MethodBase original, Type type, OpCode opcode) => opcode != OpCodes.Ldtoken && (type.IsVisible || IsUnchecked(opcode) || type.IsGenericParameter || type.Module == original.Module && !type.HasElementType && IsOpen(original, type));

    /// <summary>Instructions whose type the runtime does not look at in that way.</summary>
    static bool IsUnchecked(OpCode opcode) => opcode == OpCodes.Initobj || opcode == OpCodes.Ldobj || opcode == OpCodes.Stobj || opcode == OpCodes.Cpobj || opcode == OpCodes.Sizeof ||
        opcode == OpCodes.Ldelem || opcode == OpCodes.Stelem || opcode == OpCodes.Constrained;

    static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsAssembly || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsAssembly || field.IsFamilyOrAssembly,
        _ => false,
    };

    static bool IsOpen(MethodBase original, Type type)
    {
        for (var at = type; at.IsNested; at = at.DeclaringType!)
        {
            if (!(at.IsNestedPublic || at.IsNestedAssembly || at.IsNestedFamORAssem) && !Encloses(at.DeclaringType!, original.DeclaringType!))
                return false;
        }
        return true;
    }

    static bool Encloses(Type outer, Type inner)
    {
        for (Type? at = inner; at is not null; at = at.DeclaringType)
        {
            if (at == outer)
                return true;
        }
        return false;
    }
}
