using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent;

/// <summary>What methods and types are called.</summary>
static class CodeName
{
    /// <summary>A method as code.function.name wants it: fully qualified. A lambda counts to the class it is written in.</summary>
    public static string Of(MethodInfo method) => $"{(method.DeclaringType is { } type ? Written(type) : null)?.FullName}.{method.Name}";

    /// <summary>
    /// A type's name, without how many parameters it has, behind those of the types around it: many apps have a «Command» and a «Handler» inside of each
    /// feature («Create.Command»).
    /// </summary>
    public static string Simple(Type type)
    {
        var name = type.Name.IndexOf('`', StringComparison.Ordinal) is var arity and > 0 ? type.Name[..arity] : type.Name;
        return type is { IsGenericParameter: false, DeclaringType: { } outer } && !outer.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) ? $"{Simple(outer)}.{name}" : name;
    }

    /// <summary>A type's full name, without what a generic one is closed over: that is long, with versions of assemblies in it.</summary>
    public static string? Full(Type type) => (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName;

    /// <summary>The class in the source that a class of the compiler's stands for.</summary>
    public static Type Written(Type type)
    {
        while (type.DeclaringType is { } outer && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            type = outer;
        return type;
    }
}
