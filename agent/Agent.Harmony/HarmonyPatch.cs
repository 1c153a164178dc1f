namespace HarmonyLib;

/// <summary>
/// Says which method a patch class, or one method of it, is for. Several of them complete each other, and those of a class those of its
/// methods (harmony.pardeike.net, «Annotations»).
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Method | AttributeTargets.Delegate, AllowMultiple = true)]
public class HarmonyPatch : HarmonyAttribute
{
    /// <summary>Marks a class as a patch class; other annotations or TargetMethod say what it patches.</summary>
    public HarmonyPatch() { }

    /// <param name="declaringType">The type that declares the method.</param>
    public HarmonyPatch(Type declaringType) => info.declaringType = declaringType;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(Type declaringType, Type[] argumentTypes) : this(declaringType) => info.argumentTypes = argumentTypes;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodName">The member's name, without parameters.</param>
    public HarmonyPatch(Type declaringType, string methodName) : this(declaringType) => info.methodName = methodName;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodName">The member's name, without parameters.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(Type declaringType, string methodName, params Type[] argumentTypes) : this(declaringType, methodName) =>
        info.argumentTypes = argumentTypes;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodName">The member's name, without parameters.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    /// <param name="argumentVariations">What each parameter type is in the target: itself, a reference to it, a pointer to it.</param>
    public HarmonyPatch(Type declaringType, string methodName, Type[] argumentTypes, ArgumentType[] argumentVariations) : this(declaringType, methodName) =>
        info.argumentTypes = Vary(argumentTypes, argumentVariations);

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    public HarmonyPatch(Type declaringType, MethodType methodType) : this(declaringType) => info.methodType = methodType;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(Type declaringType, MethodType methodType, params Type[] argumentTypes) : this(declaringType, methodType) =>
        info.argumentTypes = argumentTypes;

    /// <param name="declaringType">The type that declares the method.</param>
    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    /// <param name="argumentVariations">What each parameter type is in the target: itself, a reference to it, a pointer to it.</param>
    public HarmonyPatch(Type declaringType, MethodType methodType, Type[] argumentTypes, ArgumentType[] argumentVariations) : this(declaringType, methodType) =>
        info.argumentTypes = Vary(argumentTypes, argumentVariations);

    /// <param name="declaringType">The type that declares the member.</param>
    /// <param name="methodName">The member's name.</param>
    /// <param name="methodType">What of the member <paramref name="methodName"/>: getter, setter, the code of an iterator …</param>
    public HarmonyPatch(Type declaringType, string methodName, MethodType methodType) : this(declaringType, methodName) =>
        info.methodType = methodType;

    /// <param name="methodName">The member's name, without parameters.</param>
    public HarmonyPatch(string methodName) => info.methodName = methodName;

    /// <param name="methodName">The member's name, without parameters.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(string methodName, params Type[] argumentTypes) : this(methodName) => info.argumentTypes = argumentTypes;

    /// <param name="methodName">The member's name, without parameters.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    /// <param name="argumentVariations">What each parameter type is in the target: itself, a reference to it, a pointer to it.</param>
    public HarmonyPatch(string methodName, Type[] argumentTypes, ArgumentType[] argumentVariations) : this(methodName) =>
        info.argumentTypes = Vary(argumentTypes, argumentVariations);

    /// <param name="methodName">The member's name.</param>
    /// <param name="methodType">What of the member <paramref name="methodName"/>: getter, setter, the code of an iterator …</param>
    public HarmonyPatch(string methodName, MethodType methodType) : this(methodName) => info.methodType = methodType;

    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    public HarmonyPatch(MethodType methodType) => info.methodType = methodType;

    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    public HarmonyPatch(MethodType methodType, params Type[] argumentTypes) : this(methodType) => info.argumentTypes = argumentTypes;

    /// <param name="methodType">A constructor instead of an ordinary method.</param>
    /// <param name="argumentTypes">The parameter types, to choose between overloads.</param>
    /// <param name="argumentVariations">What each parameter type is in the target: itself, a reference to it, a pointer to it.</param>
    public HarmonyPatch(MethodType methodType, Type[] argumentTypes, ArgumentType[] argumentVariations) : this(methodType) =>
        info.argumentTypes = Vary(argumentTypes, argumentVariations);

    /// <param name="argumentTypes">The parameter types, to choose between overloads of the method that another annotation names.</param>
    public HarmonyPatch(Type[] argumentTypes) => info.argumentTypes = argumentTypes;

    /// <param name="argumentTypes">The parameter types, to choose between overloads of the method that another annotation names.</param>
    /// <param name="argumentVariations">What each parameter type is in the target: itself, a reference to it, a pointer to it.</param>
    public HarmonyPatch(Type[] argumentTypes, ArgumentType[] argumentVariations) => info.argumentTypes = Vary(argumentTypes, argumentVariations);

    /// <summary>
    /// A method of a type that cannot be named in code because it is internal or its assembly may be missing.
    /// With <see cref="Harmony.PatchWhenLoaded"/> the patch is installed when the assembly is loaded, never before.
    /// </summary>
    /// <param name="typeName">«Namespace.Type, Assembly».</param>
    /// <param name="methodName">The member's name.</param>
    /// <param name="methodType">What of the member <paramref name="methodName"/>: getter, setter, the code of an iterator …</param>
    public HarmonyPatch(string typeName, string methodName, MethodType methodType = MethodType.Normal)
    {
        info.typeName = typeName;
        info.methodName = methodName;
        info.methodType = methodType;
    }

    static Type[] Vary(Type[] types, ArgumentType[] variations)
    {
        if (types.Length != variations.Length)
            throw new ArgumentException($"there are {types.Length} argument types, but {variations.Length} variations", nameof(variations));
        return [.. types.Zip(variations, static (type, variation) => variation switch
        {
            ArgumentType.Ref or ArgumentType.Out => type.MakeByRefType(),
            ArgumentType.Pointer => type.MakePointerType(),
            _ => type,
        })];
    }
}
