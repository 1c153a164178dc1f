using System.Reflection;

namespace HarmonyLib;

/// <summary>
/// A patch method, or what a <see cref="HarmonyPatch"/> attribute says about the method to patch. HarmonyLib's class of this
/// name, with its field names.
/// </summary>
public sealed class HarmonyMethod
{
    /// <summary>The patch method itself; null when this describes a target.</summary>
    public MethodInfo? method { get; set; }

    /// <summary>The type that declares the target.</summary>
    public Type? declaringType { get; set; }

    /// <summary>«Namespace.Type, Assembly» of the target, where <see cref="declaringType"/> cannot be given.</summary>
    public string? typeName { get; set; }

    /// <summary>The target's name.</summary>
    public string? methodName { get; set; }

    /// <summary>What kind of member the target is; null means <see cref="MethodType.Normal"/>.</summary>
    public MethodType? methodType { get; set; }

    /// <summary>The target's parameter types; null means that the name alone decides.</summary>
    public Type[]? argumentTypes { get; set; }

    /// <summary>Higher runs earlier among prefixes, later among postfixes and finalizers; 400 is normal.</summary>
    public int priority { get; set; } = Priority.Normal;

    /// <summary>Describes nothing yet.</summary>
    public HarmonyMethod() { }

    /// <param name="method">A static method with HarmonyLib's injected parameters.</param>
    public HarmonyMethod(MethodInfo method) => this.method = method;

    /// <param name="delegate">A static method with HarmonyLib's injected parameters.</param>
    public HarmonyMethod(Delegate @delegate) => method = @delegate.Method;

    internal void Complete(HarmonyMethod other)
    {
        declaringType = other.declaringType ?? declaringType;
        typeName = other.typeName ?? typeName;
        methodName = other.methodName ?? methodName;
        methodType = other.methodType is null or MethodType.Normal ? methodType ?? other.methodType : other.methodType;
        argumentTypes = other.argumentTypes ?? argumentTypes;
    }
}

/// <summary>HarmonyLib's named priorities.</summary>
public static class Priority
{
    /// <summary>Runs after patches of normal priority.</summary>
    public const int Low = 200;

    /// <summary>The priority of a patch that asks for none.</summary>
    public const int Normal = 400;

    /// <summary>Runs before patches of normal priority.</summary>
    public const int High = 600;
}
