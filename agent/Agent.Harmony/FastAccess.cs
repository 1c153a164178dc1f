using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>Reads a field or property.</summary>
public delegate TValue GetterHandler<in T, out TValue>(T source);

/// <summary>Writes a field or property.</summary>
public delegate void SetterHandler<in T, in TValue>(T source, TValue value);

/// <summary>Makes an object.</summary>
public delegate T InstantiationHandler<out T>();

/// <summary>Fields and properties as delegates (harmony.pardeike.net, «FastAccess»).</summary>
public static class FastAccess
{
    /// <summary>Makes objects with the constructor without parameters.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static InstantiationHandler<T> CreateInstantiationHandler<T>()
    {
        var constructor = AccessTools.Constructor(typeof(T)) is { } found && found.DeclaringType == typeof(T) ? found
            : throw new ArgumentException($"{typeof(T)} must declare a constructor without parameters (it may be private, internal, protected, protected internal, or public)", nameof(T));
        return Make<InstantiationHandler<T>>("new", typeof(T), [], il => il.Emit(OpCodes.Newobj, constructor));
    }

    /// <summary>Reads a property.</summary>
    public static GetterHandler<T, TValue> CreateGetterHandler<T, TValue>(PropertyInfo propertyInfo)
    {
        ArgumentNullException.ThrowIfNull(propertyInfo);
        return AccessTools.MethodDelegate<GetterHandler<T, TValue>>(propertyInfo.GetGetMethod(nonPublic: true) ?? throw new ArgumentException($"{propertyInfo.Name} cannot be read", nameof(propertyInfo)));
    }

    /// <summary>Reads a field.</summary>
    public static GetterHandler<T, TValue> CreateGetterHandler<T, TValue>(FieldInfo fieldInfo)
    {
        ArgumentNullException.ThrowIfNull(fieldInfo);
        return Make<GetterHandler<T, TValue>>($"get_{fieldInfo.Name}", typeof(TValue), [typeof(T)], il =>
        {
            if (!fieldInfo.IsStatic)
                LoadInstance<T>(il, fieldInfo);
            il.Emit(fieldInfo.IsStatic ? OpCodes.Ldsfld : OpCodes.Ldfld, fieldInfo);
            if (fieldInfo.FieldType.IsValueType && !typeof(TValue).IsValueType)
                il.Emit(OpCodes.Box, fieldInfo.FieldType);
        });
    }

    /// <summary>Reads the first field or property that there is of these.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GetterHandler<T, TValue> CreateFieldGetter<T, TValue>(params string[] names)
    {
        foreach (var name in names)
        {
            if (AccessTools.DeclaredField(typeof(T), name) is { } field)
                return CreateGetterHandler<T, TValue>(field);
            if (AccessTools.DeclaredProperty(typeof(T), name) is { } property)
                return CreateGetterHandler<T, TValue>(property);
        }
        throw new ArgumentException($"{typeof(T)} has none of the fields or properties {string.Join(", ", names)}", nameof(names));
    }

    /// <summary>Writes a property.</summary>
    public static SetterHandler<T, TValue> CreateSetterHandler<T, TValue>(PropertyInfo propertyInfo)
    {
        ArgumentNullException.ThrowIfNull(propertyInfo);
        return AccessTools.MethodDelegate<SetterHandler<T, TValue>>(propertyInfo.GetSetMethod(nonPublic: true) ?? throw new ArgumentException($"{propertyInfo.Name} cannot be written", nameof(propertyInfo)));
    }

    /// <summary>Writes a field.</summary>
    public static SetterHandler<T, TValue> CreateSetterHandler<T, TValue>(FieldInfo fieldInfo)
    {
        ArgumentNullException.ThrowIfNull(fieldInfo);
        return Make<SetterHandler<T, TValue>>($"set_{fieldInfo.Name}", typeof(void), [typeof(T), typeof(TValue)], il =>
        {
            if (!fieldInfo.IsStatic)
                LoadInstance<T>(il, fieldInfo);
            il.Emit(OpCodes.Ldarg_1);
            if (fieldInfo.FieldType.IsValueType && !typeof(TValue).IsValueType)
                il.Emit(OpCodes.Unbox_Any, fieldInfo.FieldType);
            il.Emit(fieldInfo.IsStatic ? OpCodes.Stsfld : OpCodes.Stfld, fieldInfo);
        });
    }

    static void LoadInstance<T>(ILGenerator il, FieldInfo field)
    {
        var declaring = field.DeclaringType!;
        il.Emit(typeof(T).IsValueType ? OpCodes.Ldarga_S : OpCodes.Ldarg_S, (byte)0);
        if (!typeof(T).IsValueType && declaring.IsValueType)
            il.Emit(OpCodes.Unbox, declaring);
        else if (!declaring.IsAssignableFrom(typeof(T)))
            il.Emit(OpCodes.Castclass, declaring);
    }

    static TDelegate Make<TDelegate>(string name, Type returned, Type[] parameters, Action<ILGenerator> write) where TDelegate : Delegate
    {
        var method = new DynamicMethod(name, returned, parameters, typeof(FastAccess).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        write(il);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }
}
