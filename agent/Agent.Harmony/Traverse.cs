using System.Reflection;

namespace HarmonyLib;

/// <summary>A field or property of a known type that is read and written by reflection (harmony.pardeike.net, «Utilities»).</summary>
/// <typeparam name="T">Its type.</typeparam>
public class Traverse<T>
{
    readonly Traverse _traverse;

    /// <param name="traverse">Stands on the field or property.</param>
    public Traverse(Traverse traverse) => _traverse = traverse;

    /// <summary>Its value; the default where there is none.</summary>
    public T? Value
    {
        get => _traverse.GetValue<T>();
        set => _traverse.SetValue(value);
    }
}

/// <summary>
/// Walks through objects by the names of their members, whatever their visibility (harmony.pardeike.net, «Utilities»). Where something is missing, the walk goes on
/// with nothing, and so does its value.
/// </summary>
public class Traverse
{
    readonly Type? _type;
    readonly object? _root;
    readonly MemberInfo? _info;
    readonly MethodBase? _method;
    readonly object?[]? _params;

    /// <summary>Copies a field or property from one object to another, for <see cref="IterateFields(object, object, Action{Traverse, Traverse})"/>.</summary>
    public static Action<Traverse, Traverse> CopyFields = static (from, to) => to.SetValue(from.GetValue());

    Traverse()
    {
    }

    /// <param name="type">Whose static members are meant.</param>
    public Traverse(Type? type) => _type = type;

    /// <param name="root">Whose members are meant.</param>
    public Traverse(object? root) => (_root, _type) = (root, root?.GetType());

    Traverse(object? root, MemberInfo info, object?[]? index) => (_root, _type, _info, _params) = (root, root?.GetType() ?? info.GetUnderlyingType(), info, index);

    Traverse(object? root, MethodInfo method, object?[]? parameters) => (_root, _type, _method, _params) = (root, method.ReturnType, method, parameters);

    /// <summary>Starts with the static members of a type.</summary>
    public static Traverse Create(Type? type) => new(type);

    /// <summary>Starts with the static members of a type.</summary>
    public static Traverse Create<T>() => new(typeof(T));

    /// <summary>Starts with an object.</summary>
    public static Traverse Create(object? root) => new(root);

    /// <summary>Starts with the static members of a type of that name.</summary>
    public static Traverse CreateWithType(string name) => new(AccessTools.TypeByName(name));

    /// <summary>The value: of a field or property, of a call, or the object it starts with.</summary>
    public object? GetValue() => _info switch
    {
        FieldInfo field => field.GetValue(_root),
        PropertyInfo property => property.GetValue(_root, _params),
        _ => _method is not null ? _method.Invoke(_root, _params) : _root ?? _type,
    };

    /// <inheritdoc cref="GetValue()"/>
    public T? GetValue<T>() => GetValue() is { } value ? (T)value : default;

    /// <summary>What a method returns for such arguments.</summary>
    /// <exception cref="InvalidOperationException">It stands on no method.</exception>
    public object? GetValue(params object?[] arguments) => _method is null ? throw new InvalidOperationException("cannot get a method's value without a method") : _method.Invoke(_root, arguments);

    /// <inheritdoc cref="GetValue(object[])"/>
    public T? GetValue<T>(params object?[] arguments) => GetValue(arguments) is { } value ? (T)value : default;

    /// <summary>Writes a field or property.</summary>
    /// <exception cref="InvalidOperationException">It stands on a method.</exception>
    public Traverse SetValue(object? value)
    {
        if (_method is not null)
            throw new InvalidOperationException($"cannot set the value of the method {_method.Name}");
        if (_info is FieldInfo field)
            field.SetValue(_root, value, AccessTools.all, null, System.Globalization.CultureInfo.InvariantCulture);
        else if (_info is PropertyInfo property)
            property.SetValue(_root, value, AccessTools.all, null, _params, System.Globalization.CultureInfo.InvariantCulture);
        return this;
    }

    /// <summary>The type of the field or property; null where there is none.</summary>
    public Type? GetValueType() => (_info as FieldInfo)?.FieldType ?? (_info as PropertyInfo)?.PropertyType;

    /// <summary>What it stands on becomes the object whose members are meant.</summary>
    Traverse Resolve()
    {
        if (_root is null)
        {
            if (_info is FieldInfo { IsStatic: true } or PropertyInfo || _method is { IsStatic: true })
                return new Traverse(GetValue());
            if (_info is null && _method is null && _type is not null)
                return this;
        }
        return new Traverse(GetValue());
    }

    /// <summary>A type inside this one.</summary>
    public Traverse Type(string? name)
    {
        var type = name is null ? null : AccessTools.Inner(_type, name);
        return type is null ? new Traverse() : new Traverse(type);
    }

    /// <summary>A field of the type or a base class.</summary>
    public Traverse Field(string? name)
    {
        var at = Resolve();
        return name is null || AccessTools.Field(at._type, name) is not { } field || !field.IsStatic && at._root is null ? new Traverse() : new Traverse(field.IsStatic ? null : at._root, field, null);
    }

    /// <inheritdoc cref="Field(string)"/>
    public Traverse<T> Field<T>(string name) => new(Field(name));

    /// <summary>The names of the type's own fields.</summary>
    public List<string> Fields() => AccessTools.GetFieldNames(Resolve()._type);

    /// <summary>A property of the type or a base class.</summary>
    public Traverse Property(string? name, object?[]? index = null)
    {
        var at = Resolve();
        return name is null || AccessTools.Property(at._type, name) is not { } property || !AccessTools.IsStatic(property) && at._root is null ? new Traverse() : new Traverse(AccessTools.IsStatic(property) ? null : at._root, property, index);
    }

    /// <inheritdoc cref="Property(string, object[])"/>
    public Traverse<T> Property<T>(string name, object?[]? index = null) => new(Property(name, index));

    /// <summary>The names of the type's own properties.</summary>
    public List<string> Properties() => AccessTools.GetPropertyNames(Resolve()._type);

    /// <summary>A method of the type or a base class that takes such arguments.</summary>
    public Traverse Method(string? name, params object?[] arguments)
    {
        var at = Resolve();
        var types = Array.ConvertAll(arguments, static argument => argument?.GetType() ?? typeof(object));
        return At(name is null ? null : AccessTools.Method(at._type, name, types), at._root, arguments);
    }

    /// <summary>A method of the type or a base class with such parameters.</summary>
    public Traverse Method(string? name, Type[] paramTypes, object?[]? arguments = null)
    {
        var at = Resolve();
        return At(name is null ? null : AccessTools.Method(at._type, name, paramTypes), at._root, arguments);
    }

    static Traverse At(MethodInfo? method, object? root, object?[]? arguments) => method is null ? new Traverse() : new Traverse(method.IsStatic ? null : root, method, arguments);

    /// <summary>The names of the type's own methods.</summary>
    public List<string> Methods() => AccessTools.GetMethodNames(Resolve()._type);

    /// <summary>Whether it stands on a field.</summary>
    public bool FieldExists() => _info is FieldInfo;

    /// <summary>Whether it stands on a property.</summary>
    public bool PropertyExists() => _info is PropertyInfo;

    /// <summary>Whether it stands on a method.</summary>
    public bool MethodExists() => _method is not null;

    /// <summary>Whether there is a type.</summary>
    public bool TypeExists() => _type is not null;

    /// <summary>Whether it stands on a field.</summary>
    public bool IsField => _info is FieldInfo;

    /// <summary>Whether it stands on a property.</summary>
    public bool IsProperty => _info is PropertyInfo;

    /// <summary>Whether what it stands on can be written.</summary>
    public bool IsWriteable => _info is FieldInfo { IsLiteral: false } at ? !(at.IsStatic && at.IsInitOnly) : _info is PropertyInfo { CanWrite: true };

    /// <summary>Does something with each field of an object's type.</summary>
    public static void IterateFields(object source, Action<Traverse> action)
    {
        var from = Create(source);
        AccessTools.GetFieldNames(source).ForEach(name => action(from.Field(name)));
    }

    /// <summary>Does something with each field of an object's type and that of the same name in another object.</summary>
    public static void IterateFields(object source, object target, Action<Traverse, Traverse> action) => IterateFields(source, target, (_, from, to) => action(from, to));

    /// <inheritdoc cref="IterateFields(object, object, Action{Traverse, Traverse})"/>
    public static void IterateFields(object source, object target, Action<string, Traverse, Traverse> action)
    {
        var (from, to) = (Create(source), Create(target));
        AccessTools.GetFieldNames(source).ForEach(name => action(name, from.Field(name), to.Field(name)));
    }

    /// <summary>Does something with each property of an object's type.</summary>
    public static void IterateProperties(object source, Action<Traverse> action)
    {
        var from = Create(source);
        AccessTools.GetPropertyNames(source).ForEach(name => action(from.Property(name)));
    }

    /// <summary>Does something with each property of an object's type and that of the same name in another object.</summary>
    public static void IterateProperties(object source, object target, Action<Traverse, Traverse> action) => IterateProperties(source, target, (_, from, to) => action(from, to));

    /// <inheritdoc cref="IterateProperties(object, object, Action{Traverse, Traverse})"/>
    public static void IterateProperties(object source, object target, Action<string, Traverse, Traverse> action)
    {
        var (from, to) = (Create(source), Create(target));
        AccessTools.GetPropertyNames(source).ForEach(name => action(name, from.Property(name), to.Property(name)));
    }

    /// <summary>What the value says.</summary>
    public override string? ToString() => (_method ?? GetValue())?.ToString();
}
