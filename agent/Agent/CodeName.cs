using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent;

/// <summary>Methods as code.function.name wants them: fully qualified. A lambda counts to the class it is written in.</summary>
static class CodeName
{
    public static string Of(MethodInfo method) => $"{(method.DeclaringType is { } type ? Written(type) : null)?.FullName}.{method.Name}";

    /// <summary>The class in the source that a class of the compiler's stands for.</summary>
    public static Type Written(Type type)
    {
        while (type.DeclaringType is { } outer && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            type = outer;
        return type;
    }
}
