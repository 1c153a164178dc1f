using System.Reflection;
using System.Runtime.CompilerServices;

namespace HarmonyLib;

/// <summary>
/// Finds members whatever their visibility (harmony.pardeike.net, «AccessTools»). What is not found is null, and so is what is looked for without a type or a name.
/// A string that names a member is «Namespace.Type:Member».
/// </summary>
public static partial class AccessTools
{
    /// <summary>Every member: any visibility, static or not, inherited or not.</summary>
    public static readonly BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static |
        BindingFlags.GetField | BindingFlags.SetField | BindingFlags.GetProperty | BindingFlags.SetProperty;

    /// <summary>Every member a type declares itself: any visibility, static or not.</summary>
    public static readonly BindingFlags allDeclared = all | BindingFlags.DeclaredOnly;

    /// <summary>The type of that name: «Namespace.Type, Assembly», or, in any loaded assembly, «Namespace.Type», or else «Type».</summary>
    public static Type? TypeByName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        if (Type.GetType(name, throwOnError: false) is { } found)
            return found;
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var (typeName, assemblyName) = comma < 0 ? (name, null) : (name[..comma].Trim(), name[(comma + 1)..].Split(',')[0].Trim());
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assemblyName is not null && assembly.GetName().Name != assemblyName)
                continue;
            if (assembly.GetType(typeName, throwOnError: false) is { } type)
                return type;
        }
        return comma < 0 ? AllTypes().FirstOrDefault(type => type.Name == name) : null;
    }

    /// <summary>The assemblies that are loaded.</summary>
    public static IEnumerable<Assembly> AllAssemblies() => AppDomain.CurrentDomain.GetAssemblies();

    /// <summary>The types of all loaded assemblies, without those that cannot be loaded.</summary>
    public static IEnumerable<Type> AllTypes() => AllAssemblies().SelectMany(GetTypesFromAssembly);

    /// <summary>The types of an assembly, without those that cannot be loaded.</summary>
    public static Type[] GetTypesFromAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return [.. e.Types.OfType<Type>()];
        }
        catch (Exception e) when (e is TypeLoadException or FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return [];
        }
    }

    /// <summary>The type inside a type, by its name.</summary>
    public static Type? Inner(Type? type, string? name) => name is null ? null : Up(type, candidate => candidate.GetNestedType(name, all));

    /// <summary>The first type inside a type that fits.</summary>
    public static Type? FirstInner(Type? type, Func<Type, bool>? predicate) => predicate is null ? null : type?.GetNestedTypes(all).FirstOrDefault(predicate);

    /// <summary>The field of that name, of the type or a base class.</summary>
    public static FieldInfo? Field(Type? type, string? name) => name is null ? null : Up(type, candidate => candidate.GetField(name, allDeclared));

    /// <inheritdoc cref="Field(Type, string)"/>
    public static FieldInfo? Field(string? typeColonName) => Member(typeColonName, Field);

    /// <summary>The field of that name that the type declares itself.</summary>
    public static FieldInfo? DeclaredField(Type? type, string? name) => name is null ? null : type?.GetField(name, allDeclared);

    /// <summary>The field at that place, from 0, among those that the type declares itself.</summary>
    public static FieldInfo? DeclaredField(Type? type, int idx) => type is null ? null : GetDeclaredFields(type).ElementAtOrDefault(idx);

    /// <inheritdoc cref="DeclaredField(Type, string)"/>
    public static FieldInfo? DeclaredField(string? typeColonName) => Member(typeColonName, DeclaredField);

    /// <summary>The property of that name, of the type or a base class.</summary>
    public static PropertyInfo? Property(Type? type, string? name) => name is null ? null : Up(type, candidate => candidate.GetProperty(name, allDeclared));

    /// <inheritdoc cref="Property(Type, string)"/>
    public static PropertyInfo? Property(string? typeColonName) => Member(typeColonName, Property);

    /// <summary>The property of that name that the type declares itself.</summary>
    public static PropertyInfo? DeclaredProperty(Type? type, string? name) => name is null ? null : type?.GetProperty(name, allDeclared);

    /// <inheritdoc cref="DeclaredProperty(Type, string)"/>
    public static PropertyInfo? DeclaredProperty(string? typeColonName) => Member(typeColonName, DeclaredProperty);

    /// <summary>The getter of a property, of the type or a base class.</summary>
    public static MethodInfo? PropertyGetter(Type? type, string? name) => Property(type, name)?.GetGetMethod(nonPublic: true);

    /// <inheritdoc cref="PropertyGetter(Type, string)"/>
    public static MethodInfo? PropertyGetter(string? typeColonName) => Member(typeColonName, PropertyGetter);

    /// <summary>The setter of a property, of the type or a base class.</summary>
    public static MethodInfo? PropertySetter(Type? type, string? name) => Property(type, name)?.GetSetMethod(nonPublic: true);

    /// <inheritdoc cref="PropertySetter(Type, string)"/>
    public static MethodInfo? PropertySetter(string? typeColonName) => Member(typeColonName, PropertySetter);

    /// <summary>The getter of a property that the type declares itself.</summary>
    public static MethodInfo? DeclaredPropertyGetter(Type? type, string? name) => DeclaredProperty(type, name)?.GetGetMethod(nonPublic: true);

    /// <inheritdoc cref="DeclaredPropertyGetter(Type, string)"/>
    public static MethodInfo? DeclaredPropertyGetter(string? typeColonName) => Member(typeColonName, DeclaredPropertyGetter);

    /// <summary>The setter of a property that the type declares itself.</summary>
    public static MethodInfo? DeclaredPropertySetter(Type? type, string? name) => DeclaredProperty(type, name)?.GetSetMethod(nonPublic: true);

    /// <inheritdoc cref="DeclaredPropertySetter(Type, string)"/>
    public static MethodInfo? DeclaredPropertySetter(string? typeColonName) => Member(typeColonName, DeclaredPropertySetter);

    /// <summary>The getter of the indexer that the type declares itself.</summary>
    /// <exception cref="AmbiguousMatchException">There are several, and <paramref name="parameters"/> does not choose.</exception>
    public static MethodInfo? DeclaredIndexerGetter(Type? type, Type[]? parameters = null) => DeclaredIndexer(type, parameters)?.GetGetMethod(nonPublic: true);

    /// <summary>The setter of the indexer that the type declares itself.</summary>
    /// <exception cref="AmbiguousMatchException">There are several, and <paramref name="parameters"/> does not choose.</exception>
    public static MethodInfo? DeclaredIndexerSetter(Type? type, Type[]? parameters = null) => DeclaredIndexer(type, parameters)?.GetSetMethod(nonPublic: true);

    /// <summary>The indexer that the type declares itself.</summary>
    /// <exception cref="AmbiguousMatchException">There are several, and <paramref name="parameters"/> does not choose.</exception>
    public static PropertyInfo? DeclaredIndexer(Type? type, Type[]? parameters = null)
    {
        var found = (type?.GetProperties(allDeclared) ?? []).Where(property => property.GetIndexParameters() is { Length: > 0 } own &&
            (parameters is null || own.Select(parameter => parameter.ParameterType).SequenceEqual(parameters))).ToList();
        return found.Count > 1 ? throw new AmbiguousMatchException($"multiple possible indexers were found in {type}") : found.FirstOrDefault();
    }

    /// <summary>The method of that name, of the type or a base class.</summary>
    /// <param name="type">Where to look first.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="parameters">The parameter types, to choose between overloads; without them, of several the one that takes nothing is meant.</param>
    /// <param name="generics">Type arguments for a generic method.</param>
    /// <exception cref="AmbiguousMatchException">Several overloads, <paramref name="parameters"/> does not choose, and all take something.</exception>
    public static MethodInfo? Method(Type? type, string? name, Type[]? parameters = null, Type[]? generics = null)
    {
        if (name is null)
            return null;
        MethodInfo? found;
        try
        {
            found = Up(type, candidate => Declared(candidate, name, parameters));
        }
        catch (AmbiguousMatchException e)
        {
            found = Up(type, candidate => candidate.GetMethod(name, allDeclared, [])) ?? throw new AmbiguousMatchException($"ambiguous match in Harmony patch for {type}:{name}", e);
        }
        return Make(found, generics);
    }

    /// <inheritdoc cref="Method(Type, string, Type[], Type[])"/>
    public static MethodInfo? Method(string? typeColonName, Type[]? parameters = null, Type[]? generics = null) =>
        Member(typeColonName, (type, name) => Method(type, name, parameters, generics));

    /// <summary>The method of that name that the type declares itself.</summary>
    /// <param name="type">Where to look.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="parameters">The parameter types, to choose between overloads.</param>
    /// <param name="generics">Type arguments for a generic method.</param>
    /// <exception cref="AmbiguousMatchException">Several overloads, and <paramref name="parameters"/> does not choose.</exception>
    public static MethodInfo? DeclaredMethod(Type? type, string? name, Type[]? parameters = null, Type[]? generics = null) =>
        type is null || name is null ? null : Make(Declared(type, name, parameters), generics);

    static MethodInfo? Declared(Type type, string name, Type[]? parameters) =>
        parameters is null ? type.GetMethod(name, allDeclared) : type.GetMethod(name, allDeclared, parameters);

    static MethodInfo? Make(MethodInfo? method, Type[]? generics) => method is not null && generics is not null ? method.MakeGenericMethod(generics) : method;

    /// <inheritdoc cref="DeclaredMethod(Type, string, Type[], Type[])"/>
    public static MethodInfo? DeclaredMethod(string? typeColonName, Type[]? parameters = null, Type[]? generics = null) =>
        Member(typeColonName, (type, name) => DeclaredMethod(type, name, parameters, generics));

    /// <summary>The first method that a type declares itself and that fits.</summary>
    public static MethodInfo? FirstMethod(Type? type, Func<MethodInfo, bool>? predicate) => predicate is null ? null : type?.GetMethods(allDeclared).FirstOrDefault(predicate);

    /// <summary>The constructor with these parameters (none for null), of the type or a base class.</summary>
    public static ConstructorInfo? Constructor(Type? type, Type[]? parameters = null, bool searchForStatic = false) =>
        Up(type, candidate => candidate.GetConstructor(Kind(searchForStatic), parameters ?? []));

    /// <summary>The constructor with these parameters (none for null) that the type declares itself.</summary>
    public static ConstructorInfo? DeclaredConstructor(Type? type, Type[]? parameters = null, bool searchForStatic = false) =>
        type?.GetConstructor(Kind(searchForStatic), parameters ?? []);

    /// <summary>The constructors a type declares itself: static ones, instance ones, or both for null.</summary>
    public static List<ConstructorInfo> GetDeclaredConstructors(Type? type, bool? searchForStatic = null) =>
        [.. (type?.GetConstructors(allDeclared) ?? []).Where(constructor => searchForStatic is null || constructor.IsStatic == searchForStatic)];

    /// <summary>The methods a type declares itself.</summary>
    public static List<MethodInfo> GetDeclaredMethods(Type? type) => [.. type?.GetMethods(allDeclared) ?? []];

    /// <summary>The properties a type declares itself.</summary>
    public static List<PropertyInfo> GetDeclaredProperties(Type? type) => [.. type?.GetProperties(allDeclared) ?? []];

    /// <summary>The fields a type declares itself.</summary>
    public static List<FieldInfo> GetDeclaredFields(Type? type) => [.. type?.GetFields(allDeclared) ?? []];

    /// <summary>The MoveNext method behind an iterator: the code in its source. Null if it is none.</summary>
    public static MethodInfo? EnumeratorMoveNext(MethodBase? enumerator) => enumerator is null ? null : MoveNext<IteratorStateMachineAttribute>(enumerator);

    /// <summary>
    /// The method that has the code in the source of an async method or async iterator: MoveNext behind it, or itself if it is compiled as runtime-async
    /// and so has no state machine. Null if it is none.
    /// </summary>
    public static MethodInfo? AsyncMoveNext(MethodBase? method) => method is null ? null : method is MethodInfo itself && IsRuntimeAsync(method) ? itself
        : MoveNext<AsyncStateMachineAttribute>(method) ?? MoveNext<AsyncIteratorStateMachineAttribute>(method);

    /// <summary>Whether a method is compiled as runtime-async (.NET 11): its code gives the result, and the runtime makes the task. Not in HarmonyLib.</summary>
    public static bool IsRuntimeAsync(MethodBase method) => Weaving.RuntimeAsync.Is(method);

    static MethodInfo? MoveNext<TAttribute>(MethodBase method) where TAttribute : StateMachineAttribute =>
        method.GetCustomAttribute<TAttribute>(inherit: false)?.StateMachineType.GetMethod("MoveNext", allDeclared);

    static BindingFlags Kind(bool isStatic) => isStatic ? allDeclared & ~BindingFlags.Instance : allDeclared & ~BindingFlags.Static;

    /// <summary>From the type up to object.</summary>
    static T? Up<T>(Type? type, Func<Type, T?> find) where T : class
    {
        for (var candidate = type; candidate is not null; candidate = candidate.BaseType)
        {
            if (find(candidate) is { } found)
                return found;
        }
        return null;
    }

    static T? Member<T>(string? typeColonName, Func<Type, string, T?> find) where T : class
    {
        if (typeColonName is null)
            return null;
        return typeColonName.Split(':') is [var type, var name]
            ? TypeByName(type) is { } found ? find(found, name) : null
            : throw new ArgumentException($"'{typeColonName}' must be of the form Namespace.Type:Member", nameof(typeColonName));
    }
}
