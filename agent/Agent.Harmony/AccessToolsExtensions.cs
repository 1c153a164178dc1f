using System.Reflection;

namespace HarmonyLib;

/// <summary>What <see cref="AccessTools"/> does with a type, as methods of the type (harmony.pardeike.net, «AccessToolsExtensions»).</summary>
public static class AccessToolsExtensions
{
    /// <inheritdoc cref="AccessTools.InnerTypes(Type)"/>
    public static IEnumerable<Type> InnerTypes(this Type type) => AccessTools.InnerTypes(type);

    /// <inheritdoc cref="AccessTools.FindIncludingBaseTypes{T}(Type, Func{Type, T})"/>
    public static T? FindIncludingBaseTypes<T>(this Type type, Func<Type, T?> func) where T : class => AccessTools.FindIncludingBaseTypes<T>(type, func);

    /// <inheritdoc cref="AccessTools.FindIncludingInnerTypes{T}(Type, Func{Type, T})"/>
    public static T? FindIncludingInnerTypes<T>(this Type type, Func<Type, T?> func) where T : class => AccessTools.FindIncludingInnerTypes<T>(type, func);

    /// <inheritdoc cref="AccessTools.Field(Type, string)"/>
    public static FieldInfo? Field(this Type type, string? name) => AccessTools.Field(type, name);

    /// <inheritdoc cref="AccessTools.DeclaredField(Type, string)"/>
    public static FieldInfo? DeclaredField(this Type type, string? name) => AccessTools.DeclaredField(type, name);

    /// <inheritdoc cref="AccessTools.DeclaredField(Type, int)"/>
    public static FieldInfo? DeclaredField(this Type type, int idx) => AccessTools.DeclaredField(type, idx);

    /// <inheritdoc cref="AccessTools.Property(Type, string)"/>
    public static PropertyInfo? Property(this Type type, string? name) => AccessTools.Property(type, name);

    /// <inheritdoc cref="AccessTools.DeclaredProperty(Type, string)"/>
    public static PropertyInfo? DeclaredProperty(this Type type, string? name) => AccessTools.DeclaredProperty(type, name);

    /// <inheritdoc cref="AccessTools.PropertyGetter(Type, string)"/>
    public static MethodInfo? PropertyGetter(this Type type, string? name) => AccessTools.PropertyGetter(type, name);

    /// <inheritdoc cref="AccessTools.PropertySetter(Type, string)"/>
    public static MethodInfo? PropertySetter(this Type type, string? name) => AccessTools.PropertySetter(type, name);

    /// <inheritdoc cref="AccessTools.DeclaredPropertyGetter(Type, string)"/>
    public static MethodInfo? DeclaredPropertyGetter(this Type type, string? name) => AccessTools.DeclaredPropertyGetter(type, name);

    /// <inheritdoc cref="AccessTools.DeclaredPropertySetter(Type, string)"/>
    public static MethodInfo? DeclaredPropertySetter(this Type type, string? name) => AccessTools.DeclaredPropertySetter(type, name);

    /// <inheritdoc cref="AccessTools.Indexer(Type, Type[])"/>
    public static PropertyInfo? Indexer(this Type type, Type[]? parameters = null) => AccessTools.Indexer(type, parameters);

    /// <inheritdoc cref="AccessTools.IndexerGetter(Type, Type[])"/>
    public static MethodInfo? IndexerGetter(this Type type, Type[]? parameters = null) => AccessTools.IndexerGetter(type, parameters);

    /// <inheritdoc cref="AccessTools.IndexerSetter(Type, Type[])"/>
    public static MethodInfo? IndexerSetter(this Type type, Type[]? parameters = null) => AccessTools.IndexerSetter(type, parameters);

    /// <inheritdoc cref="AccessTools.DeclaredIndexer(Type, Type[])"/>
    public static PropertyInfo? DeclaredIndexer(this Type type, Type[]? parameters = null) => AccessTools.DeclaredIndexer(type, parameters);

    /// <inheritdoc cref="AccessTools.DeclaredIndexerGetter(Type, Type[])"/>
    public static MethodInfo? DeclaredIndexerGetter(this Type type, Type[]? parameters = null) => AccessTools.DeclaredIndexerGetter(type, parameters);

    /// <inheritdoc cref="AccessTools.DeclaredIndexerSetter(Type, Type[])"/>
    public static MethodInfo? DeclaredIndexerSetter(this Type type, Type[]? parameters = null) => AccessTools.DeclaredIndexerSetter(type, parameters);

    /// <inheritdoc cref="AccessTools.Method(Type, string, Type[], Type[])"/>
    public static MethodInfo? Method(this Type type, string? name, Type[]? parameters = null, Type[]? generics = null) => AccessTools.Method(type, name, parameters, generics);

    /// <inheritdoc cref="AccessTools.DeclaredMethod(Type, string, Type[], Type[])"/>
    public static MethodInfo? DeclaredMethod(this Type type, string? name, Type[]? parameters = null, Type[]? generics = null) => AccessTools.DeclaredMethod(type, name, parameters, generics);

    /// <inheritdoc cref="AccessTools.Constructor(Type, Type[], bool)"/>
    public static ConstructorInfo? Constructor(this Type type, Type[]? parameters = null, bool searchForStatic = false) => AccessTools.Constructor(type, parameters, searchForStatic);

    /// <inheritdoc cref="AccessTools.DeclaredConstructor(Type, Type[], bool)"/>
    public static ConstructorInfo? DeclaredConstructor(this Type type, Type[]? parameters = null, bool searchForStatic = false) => AccessTools.DeclaredConstructor(type, parameters, searchForStatic);

    /// <inheritdoc cref="AccessTools.GetDeclaredConstructors(Type, bool?)"/>
    public static List<ConstructorInfo> GetDeclaredConstructors(this Type type, bool? searchForStatic = null) => AccessTools.GetDeclaredConstructors(type, searchForStatic);

    /// <inheritdoc cref="AccessTools.GetDeclaredMethods(Type)"/>
    public static List<MethodInfo> GetDeclaredMethods(this Type type) => AccessTools.GetDeclaredMethods(type);

    /// <inheritdoc cref="AccessTools.GetDeclaredProperties(Type)"/>
    public static List<PropertyInfo> GetDeclaredProperties(this Type type) => AccessTools.GetDeclaredProperties(type);

    /// <inheritdoc cref="AccessTools.GetDeclaredFields(Type)"/>
    public static List<FieldInfo> GetDeclaredFields(this Type type) => AccessTools.GetDeclaredFields(type);

    /// <inheritdoc cref="AccessTools.GetMethodNames(Type)"/>
    public static List<string> GetMethodNames(this Type type) => AccessTools.GetMethodNames(type);

    /// <inheritdoc cref="AccessTools.GetFieldNames(Type)"/>
    public static List<string> GetFieldNames(this Type type) => AccessTools.GetFieldNames(type);

    /// <inheritdoc cref="AccessTools.GetPropertyNames(Type)"/>
    public static List<string> GetPropertyNames(this Type type) => AccessTools.GetPropertyNames(type);

    /// <inheritdoc cref="AccessTools.Inner(Type, string)"/>
    public static Type? Inner(this Type type, string? name) => AccessTools.Inner(type, name);

    /// <inheritdoc cref="AccessTools.FirstInner(Type, Func{Type, bool})"/>
    public static Type? FirstInner(this Type type, Func<Type, bool>? predicate) => AccessTools.FirstInner(type, predicate);

    /// <inheritdoc cref="AccessTools.FirstMethod(Type, Func{MethodInfo, bool})"/>
    public static MethodInfo? FirstMethod(this Type type, Func<MethodInfo, bool>? predicate) => AccessTools.FirstMethod(type, predicate);

    /// <inheritdoc cref="AccessTools.FirstConstructor(Type, Func{ConstructorInfo, bool})"/>
    public static ConstructorInfo? FirstConstructor(this Type type, Func<ConstructorInfo, bool>? predicate) => AccessTools.FirstConstructor(type, predicate);

    /// <inheritdoc cref="AccessTools.FirstProperty(Type, Func{PropertyInfo, bool})"/>
    public static PropertyInfo? FirstProperty(this Type type, Func<PropertyInfo, bool>? predicate) => AccessTools.FirstProperty(type, predicate);

    /// <inheritdoc cref="AccessTools.FieldRefAccess{TField}(Type, string)"/>
    public static AccessTools.FieldRef<object, TField> FieldRefAccess<TField>(this Type type, string fieldName) => AccessTools.FieldRefAccess<TField>(type, fieldName);

    /// <inheritdoc cref="AccessTools.StaticFieldRefAccess{TField}(Type, string)"/>
    public static ref TField StaticFieldRefAccess<TField>(this Type type, string fieldName) => ref AccessTools.StaticFieldRefAccess<TField>(type, fieldName);

    /// <inheritdoc cref="AccessTools.ThrowMissingMemberException(Type, string[])"/>
    public static void ThrowMissingMemberException(this Type type, params string[] names) => AccessTools.ThrowMissingMemberException(type, names);

    /// <inheritdoc cref="AccessTools.GetDefaultValue(Type)"/>
    public static object? GetDefaultValue(this Type type) => AccessTools.GetDefaultValue(type);

    /// <inheritdoc cref="AccessTools.CreateInstance(Type)"/>
    public static object CreateInstance(this Type type) => AccessTools.CreateInstance(type);

    /// <inheritdoc cref="AccessTools.IsStruct(Type)"/>
    public static bool IsStruct(this Type type) => AccessTools.IsStruct(type);

    /// <inheritdoc cref="AccessTools.IsClass(Type)"/>
    public static bool IsClass(this Type type) => AccessTools.IsClass(type);

    /// <inheritdoc cref="AccessTools.IsValue(Type)"/>
    public static bool IsValue(this Type type) => AccessTools.IsValue(type);

    /// <inheritdoc cref="AccessTools.IsInteger(Type)"/>
    public static bool IsInteger(this Type type) => AccessTools.IsInteger(type);

    /// <inheritdoc cref="AccessTools.IsFloatingPoint(Type)"/>
    public static bool IsFloatingPoint(this Type type) => AccessTools.IsFloatingPoint(type);

    /// <inheritdoc cref="AccessTools.IsNumber(Type)"/>
    public static bool IsNumber(this Type type) => AccessTools.IsNumber(type);

    /// <inheritdoc cref="AccessTools.IsVoid(Type)"/>
    public static bool IsVoid(this Type type) => AccessTools.IsVoid(type);

    /// <inheritdoc cref="AccessTools.IsStatic(Type)"/>
    public static bool IsStatic(this Type type) => AccessTools.IsStatic(type);
}
