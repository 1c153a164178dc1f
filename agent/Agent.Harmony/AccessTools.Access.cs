using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <content>Fields and methods without reflection at each use.</content>
public static partial class AccessTools
{
    /// <summary>Refers to a field of an object.</summary>
    public delegate ref TField FieldRef<in T, TField>(T instance = default!);

    /// <summary>Refers to a static field.</summary>
    public delegate ref TField FieldRef<TField>();

    /// <summary>Refers to a field of a struct.</summary>
    public delegate ref TField StructFieldRef<T, TField>(ref T instance) where T : struct;

    /// <summary>A function that refers to a field of the objects it is given; by its FieldInfo, a static one may be given, which takes any object.</summary>
    /// <exception cref="ArgumentException">There is no such field, it is one of a struct or, by its name, static, or <typeparamref name="TField"/> is not its type.</exception>
    public static FieldRef<T, TField> FieldRefAccess<T, TField>(string fieldName) => FieldRefAccess<T, TField>(OfInstances(Found(Field(typeof(T), fieldName), typeof(T), fieldName)));

    /// <inheritdoc cref="FieldRefAccess{T, TField}(string)"/>
    public static FieldRef<T, TField> FieldRefAccess<T, TField>(FieldInfo fieldInfo)
    {
        CheckField<TField>(fieldInfo);
        var declaring = fieldInfo.DeclaringType!;
        if (typeof(T).IsValueType)
            throw new ArgumentException($"{typeof(T)} is a struct (use StructFieldRefAccess, or StaticFieldRefAccess)", nameof(fieldInfo));
        if (!fieldInfo.IsStatic)
        {
            if (declaring.IsValueType)
                throw new ArgumentException($"{declaring}.{fieldInfo.Name} is a field of a struct (use StructFieldRefAccess)", nameof(fieldInfo));
            if (!typeof(T).IsAssignableFrom(declaring) && !declaring.IsAssignableFrom(typeof(T)))
                throw new ArgumentException($"a {typeof(T)} has no field {declaring}.{fieldInfo.Name}", nameof(fieldInfo));
        }
        return Referring<FieldRef<T, TField>>(fieldInfo, [typeof(T)], il =>
        {
            il.Emit(OpCodes.Ldarg_0);
            if (!declaring.IsAssignableFrom(typeof(T)))
                il.Emit(OpCodes.Castclass, declaring);
        });
    }

    /// <summary>Refers to a field of an object.</summary>
    /// <exception cref="ArgumentException">There is no such field in the object, it is static or one of a struct, or <typeparamref name="TField"/> is not its type.</exception>
    public static ref TField FieldRefAccess<T, TField>(T instance, string fieldName) => ref FieldRefAccess<T, TField>(instance, Found(Field(typeof(T), fieldName), typeof(T), fieldName));

    /// <inheritdoc cref="FieldRefAccess{T, TField}(T, string)"/>
    public static ref TField FieldRefAccess<T, TField>(T instance, FieldInfo fieldInfo)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var reference = FieldRefAccess<T, TField>(OfInstances(fieldInfo));
        if (!fieldInfo.DeclaringType!.IsInstanceOfType(instance))
            throw new ArgumentException($"a {instance.GetType()} has no field {fieldInfo.DeclaringType}.{fieldInfo.Name}", nameof(instance));
        return ref reference(instance);
    }

    /// <summary>A function that refers to a field of the objects it is given, whose class cannot be named.</summary>
    /// <exception cref="ArgumentException">There is no such field, or <typeparamref name="TField"/> is not its type.</exception>
    public static FieldRef<object, TField> FieldRefAccess<TField>(Type type, string fieldName) => FieldRefAccess<object, TField>(Found(Field(type, fieldName), type, fieldName));

    /// <inheritdoc cref="FieldRefAccess{TField}(Type, string)"/>
    public static FieldRef<object, TField> FieldRefAccess<TField>(string typeColonName) => FieldRefAccess<object, TField>(Found(Field(typeColonName), null, typeColonName));

    /// <summary>A function that refers to a field of the structs it is given.</summary>
    /// <exception cref="ArgumentException">There is no such field, or <typeparamref name="TField"/> is not its type.</exception>
    public static StructFieldRef<T, TField> StructFieldRefAccess<T, TField>(string fieldName) where T : struct => StructFieldRefAccess<T, TField>(Found(Field(typeof(T), fieldName), typeof(T), fieldName));

    /// <inheritdoc cref="StructFieldRefAccess{T, TField}(string)"/>
    public static StructFieldRef<T, TField> StructFieldRefAccess<T, TField>(FieldInfo fieldInfo) where T : struct
    {
        CheckField<TField>(fieldInfo);
        return fieldInfo.DeclaringType == typeof(T) && !fieldInfo.IsStatic
            ? Referring<StructFieldRef<T, TField>>(fieldInfo, [typeof(T).MakeByRefType()], static il => il.Emit(OpCodes.Ldarg_0))
            : throw new ArgumentException($"{fieldInfo.DeclaringType}.{fieldInfo.Name} is not a field of each {typeof(T)}", nameof(fieldInfo));
    }

    /// <summary>Refers to a field of a struct.</summary>
    /// <exception cref="ArgumentException">There is no such field, or <typeparamref name="TField"/> is not its type.</exception>
    public static ref TField StructFieldRefAccess<T, TField>(ref T instance, string fieldName) where T : struct => ref StructFieldRefAccess<T, TField>(fieldName)(ref instance);

    /// <inheritdoc cref="StructFieldRefAccess{T, TField}(ref T, string)"/>
    public static ref TField StructFieldRefAccess<T, TField>(ref T instance, FieldInfo fieldInfo) where T : struct => ref StructFieldRefAccess<T, TField>(fieldInfo)(ref instance);

    /// <summary>Refers to a static field.</summary>
    /// <exception cref="ArgumentException">There is no such field, or <typeparamref name="TField"/> is not its type.</exception>
    public static ref TField StaticFieldRefAccess<T, TField>(string fieldName) => ref StaticFieldRefAccess<TField>(typeof(T), fieldName);

    /// <inheritdoc cref="StaticFieldRefAccess{T, TField}(string)"/>
    public static ref TField StaticFieldRefAccess<TField>(Type type, string fieldName) => ref StaticFieldRefAccess<TField>(Found(Field(type, fieldName), type, fieldName))();

    /// <inheritdoc cref="StaticFieldRefAccess{T, TField}(string)"/>
    public static ref TField StaticFieldRefAccess<TField>(string typeColonName) => ref StaticFieldRefAccess<TField>(Found(Field(typeColonName), null, typeColonName))();

    /// <inheritdoc cref="StaticFieldRefAccess{T, TField}(string)"/>
    public static ref TField StaticFieldRefAccess<T, TField>(FieldInfo fieldInfo) => ref StaticFieldRefAccess<TField>(fieldInfo)();

    /// <summary>A function that refers to a static field.</summary>
    /// <exception cref="ArgumentException">It is not static, or <typeparamref name="TField"/> is not its type.</exception>
    public static FieldRef<TField> StaticFieldRefAccess<TField>(FieldInfo fieldInfo)
    {
        CheckField<TField>(fieldInfo);
        return fieldInfo.IsStatic
            ? Referring<FieldRef<TField>>(fieldInfo, [], static _ => { })
            : throw new ArgumentException($"{fieldInfo.DeclaringType}.{fieldInfo.Name} is not static", nameof(fieldInfo));
    }

    static FieldInfo OfInstances(FieldInfo? field) => field is not { IsStatic: true } ? field! : throw new ArgumentException($"{field.DeclaringType}.{field.Name} is static (use StaticFieldRefAccess)", nameof(field));

    static FieldInfo Found(FieldInfo? field, Type? type, string name) => field ?? throw new ArgumentException($"there is no field {name}{(type is null ? "" : $" in {type}")}", nameof(name), new MissingFieldException(type?.FullName, name));

    static void CheckField<TField>(FieldInfo field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.IsLiteral)
            throw new ArgumentException($"{field.DeclaringType}.{field.Name} is a constant, which is no field at run time", nameof(field));
        var (type, wanted) = (field.FieldType, typeof(TField));
        if (type == wanted || type.IsEnum && wanted == type.GetEnumUnderlyingType() || !type.IsValueType && !wanted.IsValueType && wanted.IsAssignableFrom(type))
            return;
        throw new ArgumentException($"{field.DeclaringType}.{field.Name} is a {type}, which a reference to a {wanted} cannot refer to", nameof(field));
    }

    static TDelegate Referring<TDelegate>(FieldInfo field, Type[] parameters, Action<ILGenerator> loadInstance) where TDelegate : Delegate
    {
        var method = new DynamicMethod($"&{field.Name}", typeof(TDelegate).GetMethod("Invoke")!.ReturnType, parameters, typeof(AccessTools).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        if (!field.IsStatic)
            loadInstance(il);
        il.Emit(field.IsStatic ? OpCodes.Ldsflda : OpCodes.Ldflda, field);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    /// <summary>A delegate of a method that may be private; of one of an object, bound to it or, without <paramref name="instance"/>, with it as the first argument.</summary>
    /// <param name="method">The method.</param>
    /// <param name="instance">The object it is bound to.</param>
    /// <param name="virtualCall">Whether a method that overrides it is called instead.</param>
    /// <param name="delegateArgs">Not needed: the delegate's own parameters are looked at.</param>
    /// <exception cref="ArgumentException">The delegate's signature does not fit.</exception>
    public static TDelegate MethodDelegate<TDelegate>(MethodInfo method, object? instance = null, bool virtualCall = true, Type[]? delegateArgs = null) where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(method);
        _ = delegateArgs;
        if (method.IsStatic)
            return method.CreateDelegate<TDelegate>();
        var declaring = method.DeclaringType!;
        if (declaring.IsInterface && !virtualCall)
            throw new ArgumentException($"{MethodName.Of(method)} is a method of an interface, which must be called virtually", nameof(virtualCall));
        var isVirtual = virtualCall || !method.IsVirtual || declaring.IsValueType;
        if (isVirtual && !declaring.IsValueType)
            method = method.GetBaseDefinition(); // what overrides it is called anyway
        if (instance is not null)
        {
            return isVirtual || !declaring.IsInstanceOfType(instance)
                ? method.CreateDelegate<TDelegate>(instance)
                : (TDelegate)Activator.CreateInstance(typeof(TDelegate), instance, method.MethodHandle.GetFunctionPointer())!;
        }
        var first = typeof(TDelegate).GetMethod("Invoke")!.GetParameters() is [var parameter, ..] ? parameter.ParameterType : typeof(void);
        if (!virtualCall && !declaring.IsAssignableFrom(first.IsByRef ? first.GetElementType() : first))
            throw new ArgumentException($"{typeof(TDelegate)} takes a {first}, but {MethodName.Of(method)} needs a {declaring}", nameof(method));
        if (declaring.IsInterface && first.IsValueType && declaring.IsAssignableFrom(first))
        {
            var map = first.GetInterfaceMap(declaring);
            return Open<TDelegate>(map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)], isVirtual: false);
        }
        return isVirtual && Delegate.CreateDelegate(typeof(TDelegate), method, throwOnBindFailure: false) is TDelegate open
            ? open
            : Open<TDelegate>(method, isVirtual && !method.DeclaringType!.IsValueType);
    }

    /// <inheritdoc cref="MethodDelegate{TDelegate}(MethodInfo, object, bool, Type[])"/>
    /// <param name="typeColonName">The method: «Namespace.Type:Method».</param>
    /// <param name="instance">The object it is bound to.</param>
    /// <param name="virtualCall">Whether a method that overrides it is called instead.</param>
    /// <param name="delegateArgs">Not needed: the delegate's own parameters are looked at.</param>
    public static TDelegate MethodDelegate<TDelegate>(string typeColonName, object? instance = null, bool virtualCall = true, Type[]? delegateArgs = null) where TDelegate : Delegate =>
        MethodDelegate<TDelegate>(DeclaredMethod(typeColonName) ?? throw new ArgumentException($"there is no method {typeColonName}", nameof(typeColonName)), instance, virtualCall, delegateArgs);

    /// <summary>A delegate of the method that the <see cref="HarmonyLib.HarmonyDelegate"/> annotation of its type names.</summary>
    /// <param name="instance">The object it is bound to; not for static methods.</param>
    /// <exception cref="HarmonyException">There is no such method.</exception>
    public static TDelegate HarmonyDelegate<TDelegate>(object? instance = null) where TDelegate : Delegate
    {
        var info = new HarmonyMethod().Complete(typeof(TDelegate));
        return Target.Resolve(info, info.declaringType ?? TypeByName(info.typeName)) is MethodInfo method
            ? MethodDelegate<TDelegate>(method, method.IsStatic ? null : instance, !info.nonVirtualDelegate)
            : throw new HarmonyException($"the annotation of {typeof(TDelegate)} names a constructor");
    }

    static TDelegate Open<TDelegate>(MethodInfo method, bool isVirtual) where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        Type[] given = [.. invoke.GetParameters().Select(static parameter => parameter.ParameterType)];
        Type[] wanted = [method.DeclaringType!, .. method.GetParameters().Select(static parameter => parameter.ParameterType)];
        if (given.Length != wanted.Length || (method.ReturnType == typeof(void)) != (invoke.ReturnType == typeof(void)))
            throw new ArgumentException($"{typeof(TDelegate)} does not fit {MethodName.Of(method)}", nameof(method));
        var open = new DynamicMethod($"{method.Name}Delegate", invoke.ReturnType, given, typeof(AccessTools).Module, skipVisibility: true);
        var il = open.GetILGenerator();
        for (var i = 0; i < given.Length; i++)
        {
            if (i == 0 && wanted[0].IsValueType)
            {
                il.Emit(given[0] == wanted[0] ? OpCodes.Ldarga_S : OpCodes.Ldarg_S, (byte)0);
                if (!given[0].IsValueType && !given[0].IsByRef)
                    il.Emit(OpCodes.Unbox, wanted[0]);
                continue;
            }
            il.Emit(OpCodes.Ldarg, (short)i);
            Convert(il, given[i], wanted[i]);
        }
        il.Emit(isVirtual ? OpCodes.Callvirt : OpCodes.Call, method);
        Convert(il, method.ReturnType, invoke.ReturnType);
        il.Emit(OpCodes.Ret);
        return open.CreateDelegate<TDelegate>();

        static void Convert(ILGenerator il, Type from, Type to)
        {
            if (to.IsAssignableFrom(from) && from.IsValueType == to.IsValueType)
                return;
            if (from.IsValueType)
                il.Emit(OpCodes.Box, from);
            else if (to.IsValueType)
                il.Emit(OpCodes.Unbox_Any, to);
            else if (!from.IsByRef)
                il.Emit(OpCodes.Castclass, to);
        }
    }
}
