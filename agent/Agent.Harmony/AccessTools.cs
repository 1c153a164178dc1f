using System.Reflection;

namespace HarmonyLib;

/// <summary>Finds members whatever their visibility. The part of HarmonyLib's class of this name that is needed so far.</summary>
public static class AccessTools
{
    /// <summary>Every member a type declares itself: any visibility, static or not.</summary>
    public const BindingFlags allDeclared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance |
        BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The method of that name that a type declares itself; null if there is none.</summary>
    /// <exception cref="AmbiguousMatchException">Several overloads, and <paramref name="parameters"/> does not choose.</exception>
    public static MethodInfo? DeclaredMethod(Type type, string name, Type[]? parameters = null) => parameters is null
        ? type.GetMethod(name, allDeclared)
        : type.GetMethod(name, allDeclared, parameters);

    /// <summary>The getter of a property that a type declares itself; null if there is none.</summary>
    public static MethodInfo? DeclaredPropertyGetter(Type type, string name) => type.GetProperty(name, allDeclared)?.GetGetMethod(nonPublic: true);

    /// <summary>The setter of a property that a type declares itself; null if there is none.</summary>
    public static MethodInfo? DeclaredPropertySetter(Type type, string name) => type.GetProperty(name, allDeclared)?.GetSetMethod(nonPublic: true);

    /// <summary>An instance constructor; without <paramref name="parameters"/> the only one there is.</summary>
    public static ConstructorInfo? DeclaredConstructor(Type type, Type[]? parameters = null)
    {
        const BindingFlags instance = allDeclared & ~BindingFlags.Static;
        return parameters is null
            ? type.GetConstructors(instance) is [var only] ? only : null
            : type.GetConstructor(instance, parameters);
    }
}
