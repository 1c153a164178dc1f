namespace HarmonyLib;

/// <summary>
/// Says which method a patch class is for. Same meaning as HarmonyLib's attribute of this name
/// (harmony.pardeike.net, «Annotations»): several attributes on one class complete each other.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Method, AllowMultiple = true)]
public sealed class HarmonyPatch : Attribute
{
    /// <summary>Declaring type, method name, parameters and so on, as far as this attribute gives them.</summary>
    public HarmonyMethod info { get; } = new();

    /// <summary>Marks a class as a patch class; other attributes say what it patches.</summary>
    public HarmonyPatch() { }

    /// <param name="argumentTypes">The parameter types, to choose between overloads of the method that another attribute names.</param>
    public HarmonyPatch(Type[] argumentTypes) => info.argumentTypes = argumentTypes;

    /// <param name="declaringType">The type that declares the method.</param>
    public HarmonyPatch(Type declaringType) => info.declaringType = declaringType;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodName">The method's name, without parameters.</param>
    public HarmonyPatch(Type declaringType, string methodName) : this(declaringType) => info.methodName = methodName;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodName">The method's name, without parameters.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(Type declaringType, string methodName, params Type[] argumentTypes) : this(declaringType, methodName) =>
        info.argumentTypes = argumentTypes;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodType">A constructor, getter or setter instead of an ordinary method.</param>
    public HarmonyPatch(Type declaringType, MethodType methodType) : this(declaringType) => info.methodType = methodType;

    /// <param name="declaringType">The type that declares the member.</param>
    /// <param name="methodName">The member's name.</param>
    /// <param name="methodType">Getter or setter of the property <paramref name="methodName"/>.</param>
    public HarmonyPatch(Type declaringType, string methodName, MethodType methodType) : this(declaringType, methodName) =>
        info.methodType = methodType;

    /// <summary>
    /// A method of a type that cannot be named in code because it is internal or its assembly may be missing.
    /// The patch is installed when the assembly is loaded (<see cref="Harmony.PatchWhenLoaded"/>), never before.
    /// </summary>
    /// <param name="typeName">«Namespace.Type, Assembly».</param>
    /// <param name="methodName">The member's name.</param>
    /// <param name="methodType">What kind of member it is.</param>
    public HarmonyPatch(string typeName, string methodName, MethodType methodType = MethodType.Normal)
    {
        info.typeName = typeName;
        info.methodName = methodName;
        info.methodType = methodType;
    }
}

/// <summary>What kind of member a patch is for; HarmonyLib's enumeration.</summary>
public enum MethodType
{
    /// <summary>An ordinary method.</summary>
    Normal,

    /// <summary>The getter of a property.</summary>
    Getter,

    /// <summary>The setter of a property.</summary>
    Setter,

    /// <summary>An instance constructor.</summary>
    Constructor,
}

/// <summary>Marks a method of a patch class as its prefix; the name «Prefix» does the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyPrefix : Attribute;

/// <summary>Marks a method of a patch class as its postfix; the name «Postfix» does the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyPostfix : Attribute;

/// <summary>Marks a method of a patch class as its finalizer; the name «Finalizer» does the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyFinalizer : Attribute;
