using System.Reflection;

namespace HarmonyLib;

/// <summary>Finds the method that annotations describe.</summary>
static class Target
{
    /// <param name="target">Name, kind and parameters.</param>
    /// <param name="type">The declaring type.</param>
    /// <exception cref="HarmonyException">There is none, or several, or it is one that is never patched.</exception>
    public static MethodBase Resolve(HarmonyMethod target, Type? type)
    {
        if (type is null)
            throw new HarmonyException(target.typeName is { } missing ? $"there is no type {missing}" : "no annotation says of which type");
        var name = target.methodName;
        var kind = target.methodType ?? MethodType.Normal;
        if (name is null && kind is MethodType.Normal or MethodType.Enumerator or MethodType.Async or MethodType.EventAdd or MethodType.EventRemove)
            throw new HarmonyException($"the patch does not say which method of {type.FullName} it is for");
        try
        {
            MethodBase? found = kind switch
            {
                MethodType.Normal => AccessTools.DeclaredMethod(type, name!, target.argumentTypes),
                MethodType.Getter => name is null ? AccessTools.DeclaredIndexerGetter(type, target.argumentTypes) : AccessTools.DeclaredPropertyGetter(type, name),
                MethodType.Setter => name is null ? AccessTools.DeclaredIndexerSetter(type, target.argumentTypes) : AccessTools.DeclaredPropertySetter(type, name),
                MethodType.Constructor => AccessTools.DeclaredConstructor(type, target.argumentTypes) ?? (target.argumentTypes is null ? OnlyConstructor(type) : null),
                MethodType.Enumerator => MoveNext(type, target, kind, AccessTools.EnumeratorMoveNext),
                MethodType.Async => MoveNext(type, target, kind, AccessTools.AsyncMoveNext),
                MethodType.Finalizer => AccessTools.DeclaredMethod(type, "Finalize", []),
                MethodType.EventAdd => type.GetEvent(name!, AccessTools.allDeclared)?.GetAddMethod(nonPublic: true),
                >= MethodType.OperatorImplicit => AccessTools.DeclaredMethod(type, $"op_{kind.ToString()[8..]}", target.argumentTypes),
                MethodType.EventRemove => type.GetEvent(name!, AccessTools.allDeclared)?.GetRemoveMethod(nonPublic: true),
                _ => throw new HarmonyException($"the static constructor of {type.FullName} cannot be patched: it runs once, and may have run already"),
            };
            return found ?? throw new HarmonyException($"{type.FullName} has no {What(kind)} {name}{Parameters(target.argumentTypes)}".TrimEnd());
        }
        catch (AmbiguousMatchException)
        {
            throw new HarmonyException($"Ambiguous match for HarmonyMethod[(class={type.FullDescription()}, methodname={name ?? "undefined"}, type={kind}, args={target.argumentTypes?.Description() ?? "undefined"})]: {type.FullName} has several methods {name}, and the patch does not say which by argument types");
        }
    }

    static ConstructorInfo? OnlyConstructor(Type type) => AccessTools.GetDeclaredConstructors(type, searchForStatic: false) is [var only] ? only : null;

    static MethodInfo? MoveNext(Type type, HarmonyMethod target, MethodType kind, Func<MethodBase, MethodInfo?> moveNext)
    {
        if (AccessTools.DeclaredMethod(type, target.methodName!, target.argumentTypes) is not { } method)
            return null;
        return moveNext(method) ?? throw new HarmonyException(
            $"{MethodName.Of(method)} is not {(kind == MethodType.Async ? "an async method" : "an iterator")} with a state machine");
    }

    static string What(MethodType kind) => kind switch
    {
        MethodType.Normal or MethodType.Enumerator or MethodType.Async => "method",
        MethodType.EventAdd or MethodType.EventRemove => "event",
        _ => kind.ToString(),
    };

    static string Parameters(Type[]? types) => types is null ? "" : $"({string.Join(", ", types.Select(type => type.Name))})";
}
