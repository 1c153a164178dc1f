using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;

namespace HarmonyLib;

/// <content>What types are and have, and what to make of them.</content>
public static partial class AccessTools
{
    static readonly Dictionary<string, Type?> TypesByPattern = [];

    /// <summary>The types inside a type.</summary>
    public static IEnumerable<Type> InnerTypes(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.GetNestedTypes(all);
    }

    /// <summary>The first loaded type whose full name matches. What was found is remembered by the pattern.</summary>
    public static Type? TypeSearch(Regex search, bool invalidateCache = false)
    {
        ArgumentNullException.ThrowIfNull(search);
        lock (TypesByPattern)
        {
            if (invalidateCache || !TypesByPattern.TryGetValue(search.ToString(), out var found))
                TypesByPattern[search.ToString()] = found = AllTypes().FirstOrDefault(type => type.FullName is { } name && search.IsMatch(name));
            return found;
        }
    }

    /// <summary>Forgets what <see cref="TypeSearch"/> has found.</summary>
    public static void ClearTypeSearchCache()
    {
        lock (TypesByPattern)
            TypesByPattern.Clear();
    }

    /// <summary>The first thing that is found in a type or its base classes.</summary>
    public static T? FindIncludingBaseTypes<T>(Type type, Func<Type, T?> func) where T : class
    {
        ArgumentNullException.ThrowIfNull(func);
        return Up(type, func);
    }

    /// <summary>The first thing that is found in a type or the types inside it.</summary>
    public static T? FindIncludingInnerTypes<T>(Type type, Func<Type, T?> func) where T : class
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(func);
        return func(type) ?? type.GetNestedTypes(all).Select(inner => FindIncludingInnerTypes(inner, func)).FirstOrDefault(static found => found is not null);
    }

    /// <summary>The method itself: methods here always have a handle.</summary>
    public static MethodInfo Identifiable(this MethodInfo method) => method;

    /// <summary>The first constructor that a type declares itself and that fits.</summary>
    public static ConstructorInfo? FirstConstructor(Type? type, Func<ConstructorInfo, bool>? predicate) => predicate is null ? null : type?.GetConstructors(allDeclared).FirstOrDefault(predicate);

    /// <summary>The first property that a type declares itself and that fits.</summary>
    public static PropertyInfo? FirstProperty(Type? type, Func<PropertyInfo, bool>? predicate) => predicate is null ? null : type?.GetProperties(allDeclared).FirstOrDefault(predicate);

    /// <summary>The indexer, of the type or a base class.</summary>
    /// <exception cref="AmbiguousMatchException">There are several, and <paramref name="parameters"/> does not choose.</exception>
    public static PropertyInfo? Indexer(Type? type, Type[]? parameters = null) => Up(type, candidate => DeclaredIndexer(candidate, parameters));

    /// <summary>The getter of the indexer, of the type or a base class.</summary>
    public static MethodInfo? IndexerGetter(Type? type, Type[]? parameters = null) => Indexer(type, parameters)?.GetGetMethod(nonPublic: true);

    /// <summary>The setter of the indexer, of the type or a base class.</summary>
    public static MethodInfo? IndexerSetter(Type? type, Type[]? parameters = null) => Indexer(type, parameters)?.GetSetMethod(nonPublic: true);

    /// <summary>The event of that name that the type declares itself.</summary>
    public static EventInfo? DeclaredEvent(Type? type, string? name) => name is null ? null : type?.GetEvent(name, allDeclared);

    /// <summary>The event of that name, of the type or a base class.</summary>
    public static EventInfo? Event(Type? type, string? name) => Up(type, candidate => DeclaredEvent(candidate, name));

    /// <summary>The add method of an event that the type declares itself.</summary>
    public static MethodInfo? DeclaredEventAdder(Type? type, string? name) => DeclaredEvent(type, name)?.GetAddMethod(nonPublic: true);

    /// <inheritdoc cref="DeclaredEventAdder(Type, string)"/>
    public static MethodInfo? DeclaredEventAdder(string? typeColonName) => Member(typeColonName, DeclaredEventAdder);

    /// <summary>The add method of an event, of the type or a base class.</summary>
    public static MethodInfo? EventAdder(Type? type, string? name) => Event(type, name)?.GetAddMethod(nonPublic: true);

    /// <inheritdoc cref="EventAdder(Type, string)"/>
    public static MethodInfo? EventAdder(string? typeColonName) => Member(typeColonName, EventAdder);

    /// <summary>The remove method of an event that the type declares itself.</summary>
    public static MethodInfo? DeclaredEventRemover(Type? type, string? name) => DeclaredEvent(type, name)?.GetRemoveMethod(nonPublic: true);

    /// <inheritdoc cref="DeclaredEventRemover(Type, string)"/>
    public static MethodInfo? DeclaredEventRemover(string? typeColonName) => Member(typeColonName, DeclaredEventRemover);

    /// <summary>The remove method of an event, of the type or a base class.</summary>
    public static MethodInfo? EventRemover(Type? type, string? name) => Event(type, name)?.GetRemoveMethod(nonPublic: true);

    /// <inheritdoc cref="EventRemover(Type, string)"/>
    public static MethodInfo? EventRemover(string? typeColonName) => Member(typeColonName, EventRemover);

    /// <summary>The finalizer that the type declares itself.</summary>
    public static MethodInfo? DeclaredFinalizer(Type? type) => DeclaredMethod(type, "Finalize", []);

    /// <summary>The finalizer of the type or a base class.</summary>
    public static MethodInfo? Finalizer(Type? type) => Method(type, "Finalize", []);

    /// <summary>The names of the methods that a type declares itself.</summary>
    public static List<string> GetMethodNames(Type? type) => GetDeclaredMethods(type).ConvertAll(static method => method.Name);

    /// <inheritdoc cref="GetMethodNames(Type)"/>
    public static List<string> GetMethodNames(object? instance) => GetMethodNames(instance?.GetType());

    /// <summary>The names of the fields that a type declares itself.</summary>
    public static List<string> GetFieldNames(Type? type) => GetDeclaredFields(type).ConvertAll(static field => field.Name);

    /// <inheritdoc cref="GetFieldNames(Type)"/>
    public static List<string> GetFieldNames(object? instance) => GetFieldNames(instance?.GetType());

    /// <summary>The names of the properties that a type declares itself.</summary>
    public static List<string> GetPropertyNames(Type? type) => GetDeclaredProperties(type).ConvertAll(static property => property.Name);

    /// <inheritdoc cref="GetPropertyNames(Type)"/>
    public static List<string> GetPropertyNames(object? instance) => GetPropertyNames(instance?.GetType());

    /// <summary>The type of a field, property or event, or what a method returns.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static Type GetUnderlyingType(this MemberInfo member) => member switch
    {
        FieldInfo field => field.FieldType,
        PropertyInfo property => property.PropertyType,
        EventInfo item => item.EventHandlerType!,
        MethodInfo method => method.ReturnType,
        _ => throw new ArgumentException("it must be an event, field, method or property", nameof(member)),
    };

    /// <summary>Whether a member is seen as the type has it that declares it.</summary>
    public static bool IsDeclaredMember<T>(this T member) where T : MemberInfo
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.DeclaringType == member.ReflectedType;
    }

    /// <summary>The member as the type has it that declares it.</summary>
    public static T GetDeclaredMember<T>(this T member) where T : MemberInfo
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.DeclaringType is null || member.IsDeclaredMember()
            ? member
            : member.DeclaringType.GetMembers(allDeclared).OfType<T>().FirstOrDefault(candidate => candidate.HasSameMetadataDefinitionAs(member)) ?? member;
    }

    /// <summary>The classes of objects; of null, object.</summary>
    public static Type[] GetTypes(object?[]? parameters) => Array.ConvertAll(parameters ?? [], static parameter => parameter?.GetType() ?? typeof(object));

    /// <summary>What a method returns; of a constructor, void.</summary>
    public static Type GetReturnedType(MethodBase? methodOrConstructor) => methodOrConstructor is MethodInfo method ? method.ReturnType : typeof(void);

    /// <summary>Of some objects those that a method takes, by their types; nothing for a parameter that none fits.</summary>
    public static object?[] ActualParameters(MethodBase method, object?[] inputs)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Array.ConvertAll(method.GetParameters(), parameter => Array.Find(inputs, parameter.ParameterType.IsInstanceOfType) ?? GetDefaultValue(parameter.ParameterType));
    }

    /// <summary>The default value of a type; null for classes and void.</summary>
    public static object? GetDefaultValue(Type? type) => type is { IsValueType: true } && type != typeof(void) ? RuntimeHelpers.GetUninitializedObject(type) is var value && Nullable.GetUnderlyingType(type) is null ? value : null : null;

    /// <summary>An object of a type, by its constructor without parameters, or else without any.</summary>
    public static object CreateInstance(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.GetConstructor(all & ~BindingFlags.Static, []) is not null ? Activator.CreateInstance(type, nonPublic: true)! : RuntimeHelpers.GetUninitializedObject(type);
    }

    /// <inheritdoc cref="CreateInstance(Type)"/>
    public static T? CreateInstance<T>() => CreateInstance(typeof(T)) is T made ? made : default;

    /// <summary>A copy of an object and of all that its fields refer to, as another type that has fields of the same names.</summary>
    public static T? MakeDeepCopy<T>(object? source) where T : class => MakeDeepCopy(source, typeof(T)) as T;

    /// <inheritdoc cref="MakeDeepCopy{T}(object)"/>
    /// <param name="source">What to copy.</param>
    /// <param name="result">The copy.</param>
    /// <param name="processor">Makes a value's copy itself, by its path, where it does not return null.</param>
    /// <param name="pathRoot">Where paths begin.</param>
    public static void MakeDeepCopy<T>(object? source, out T? result, Func<string, Traverse, Traverse, object?>? processor = null, string pathRoot = "") =>
        result = (T?)MakeDeepCopy(source, typeof(T), processor, pathRoot);

    /// <inheritdoc cref="MakeDeepCopy{T}(object)"/>
    /// <param name="source">What to copy.</param>
    /// <param name="resultType">The copy's type.</param>
    /// <param name="processor">Makes a value's copy itself, by its path, where it does not return null.</param>
    /// <param name="pathRoot">Where paths begin.</param>
    public static object? MakeDeepCopy(object? source, Type resultType, Func<string, Traverse, Traverse, object?>? processor = null, string pathRoot = "")
    {
        ArgumentNullException.ThrowIfNull(resultType);
        if (source is null)
            return null;
        resultType = Nullable.GetUnderlyingType(resultType) ?? resultType;
        var type = source.GetType();
        if (type.IsPrimitive || type == typeof(string) || type == typeof(decimal))
            return source;
        if (type.IsEnum)
            return Enum.ToObject(resultType, Convert.ToInt64(source, System.Globalization.CultureInfo.InvariantCulture));
        if (source is Array array && resultType.IsArray)
            return CopyItems(array.Cast<object?>(), Array.CreateInstance(resultType.GetElementType()!, array.Length), resultType.GetElementType()!, processor, pathRoot);
        if (source is System.Collections.IEnumerable items && resultType is { IsGenericType: true } && resultType.GetMethod("Add", all) is { } add && add.GetParameters() is [{ ParameterType: var element }])
        {
            var list = CreateInstance(resultType);
            var at = 0;
            foreach (var item in items)
                add.Invoke(list, [Copy(item, element, processor, pathRoot, at++)]);
            return list;
        }
        var copy = CreateInstance(resultType is { IsInterface: true } or { IsAbstract: true } ? type : resultType);
        Traverse.IterateFields(source, copy, (name, from, to) =>
        {
            if (Field(type, name)!.IsStatic)
                return;
            var path = pathRoot.Length > 0 ? $"{pathRoot}.{name}" : name;
            to.SetValue(processor?.Invoke(path, from, to) ?? MakeDeepCopy(from.GetValue(), to.GetValueType() ?? typeof(object), processor, path));
        });
        return copy;
    }

    static Array CopyItems(IEnumerable<object?> items, Array to, Type element, Func<string, Traverse, Traverse, object?>? processor, string pathRoot)
    {
        var at = 0;
        foreach (var item in items)
        {
            to.SetValue(Copy(item, element, processor, pathRoot, at), at);
            at++;
        }
        return to;
    }

    static object? Copy(object? item, Type element, Func<string, Traverse, Traverse, object?>? processor, string pathRoot, int at) =>
        MakeDeepCopy(item, element, processor, pathRoot.Length > 0 ? $"{pathRoot}.{at}" : $"{at}");

    /// <summary>Whether a type is a struct: a value type that is neither one of the simple ones, nor an enum, nor void.</summary>
    public static bool IsStruct(Type? type) => type is { IsValueType: true } && !IsValue(type) && !IsVoid(type);

    /// <summary>Whether a type is a class or an interface.</summary>
    public static bool IsClass(Type? type) => type is { IsValueType: false };

    /// <summary>Whether a type is a simple one or an enum.</summary>
    public static bool IsValue(Type? type) => type is not null && (type.IsPrimitive || type.IsEnum);

    /// <summary>Whether a type is one of whole numbers.</summary>
    public static bool IsInteger(Type? type) => type is not null && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    /// <summary>Whether a type is one of numbers with fractions.</summary>
    public static bool IsFloatingPoint(Type? type) => type is not null && Type.GetTypeCode(type) is TypeCode.Single or TypeCode.Double or TypeCode.Decimal;

    /// <summary>Whether a type is one of numbers.</summary>
    public static bool IsNumber(Type? type) => IsInteger(type) || IsFloatingPoint(type);

    /// <summary>Whether a type is void.</summary>
    public static bool IsVoid(Type? type) => type == typeof(void);

    /// <summary>Whether a value's declared type is nullable.</summary>
    public static bool IsOfNullableType<T>(T instance)
    {
        _ = instance;
        return Nullable.GetUnderlyingType(typeof(T)) is not null;
    }

    /// <summary>Whether a member is static.</summary>
    /// <exception cref="ArgumentException">It is of a kind that is neither.</exception>
    public static bool IsStatic(MemberInfo member) => member switch
    {
        MethodBase method => method.IsStatic,
        FieldInfo field => field.IsStatic,
        PropertyInfo property => IsStatic(property),
        EventInfo item => IsStatic(item),
        Type type => IsStatic(type),
        _ => throw new ArgumentException($"a {member?.MemberType} is neither static nor not", nameof(member)),
    };

    /// <summary>Whether a class is static.</summary>
    public static bool IsStatic(Type? type) => type is { IsAbstract: true, IsSealed: true };

    /// <summary>Whether a property is static.</summary>
    public static bool IsStatic(PropertyInfo propertyInfo)
    {
        ArgumentNullException.ThrowIfNull(propertyInfo);
        return propertyInfo.GetAccessors(nonPublic: true)[0].IsStatic;
    }

    /// <summary>Whether an event is static.</summary>
    public static bool IsStatic(EventInfo eventInfo)
    {
        ArgumentNullException.ThrowIfNull(eventInfo);
        return eventInfo.GetAddMethod(nonPublic: true)!.IsStatic;
    }

    /// <summary>One hash code of several objects.</summary>
    public static int CombinedHashCode(IEnumerable<object?> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var hash = new HashCode();
        foreach (var item in objects)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>Throws an exception again, as it was.</summary>
    public static void RethrowException(Exception exception) => ExceptionDispatchInfo.Throw(exception);

    /// <summary>Whether this is Mono: never.</summary>
    public static bool IsMonoRuntime { get; }

    /// <summary>Whether this is the .NET Framework: never.</summary>
    public static bool IsNetFrameworkRuntime { get; }

    /// <summary>Whether this is .NET: always.</summary>
    public static bool IsNetCoreRuntime { get; } = true;

    /// <summary>Says which members a type should have had.</summary>
    /// <exception cref="MissingMemberException">Always.</exception>
    public static void ThrowMissingMemberException(Type type, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(type);
        throw new MissingMemberException($"Missing {string.Join(", or ", names)} in {type.FullName} (fields: {string.Join(", ", GetFieldNames(type))}; properties: {string.Join(", ", GetPropertyNames(type))})");
    }

    /// <summary>The first method on the stack that belongs to another assembly than this one.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static MethodBase GetOutsideCaller() => new StackTrace().GetFrames().Select(static frame => frame.GetMethod()).FirstOrDefault(static method => method is not null && method.DeclaringType?.Assembly != typeof(AccessTools).Assembly)
        ?? throw new InvalidOperationException("no method on the stack belongs to another assembly");
}
