using System.Reflection;

namespace Agent.Torture;

/// <summary>
/// Finds types that may stand for the type parameters of a generic method: there is no code to compile without them. Tries candidates
/// until the runtime accepts them: ordinary types, the constraints themselves, and what implements them in the same assembly.
/// </summary>
sealed class TypeArguments(Assembly assembly)
{
    const int MaxTries = 2_000;

    // References first: one body serves all of them, so there are fewer instantiations, which slow down patching.
    static readonly Type[] Ordinary =
    [
        typeof(object), typeof(string), typeof(Exception), typeof(List<object>), typeof(Dictionary<string, object>), typeof(Action),
        typeof(int), typeof(double), typeof(byte), typeof(ushort), typeof(char), typeof(long), typeof(DayOfWeek), typeof(Guid), typeof(decimal),
    ];

    readonly Dictionary<Type, List<Type>> _implementers = FindImplementers(assembly);
    readonly Dictionary<Type, Type[]?> _ofTypes = [];

    /// <returns>The arguments of the declaring type, then those of the method; null if nothing fits.</returns>
    public Type[]? For(MethodBase method)
    {
        var type = method.DeclaringType!;
        Type[]? ofType = [];
        if (type.IsGenericTypeDefinition && !_ofTypes.TryGetValue((type), out ofType))
            _ofTypes[(type)] = ofType = Find(type.GetGenericArguments(), [], arguments => type.MakeGenericType(arguments).TypeHandle);
        if (ofType is null || !method.IsGenericMethodDefinition)
            return ofType;
        var known = type.GetGenericArguments().Zip(ofType).ToDictionary();
        var definition = ofType.Length == 0 ? (MethodInfo)method : (MethodInfo)MethodBase.GetMethodFromHandle(method.MethodHandle, type.MakeGenericType(ofType).TypeHandle)!;
        var ofMethod = Find(method.GetGenericArguments(), known, arguments => definition.MakeGenericMethod(arguments).MethodHandle);
        return ofMethod is null ? null : [.. ofType, .. ofMethod];
    }

    /// <param name="check">Throws if the runtime does not accept the arguments.</param>
    Type[]? Find(Type[] parameters, Dictionary<Type, Type> known, Func<Type[], object> check)
    {
        // What others are constrained by is chosen first: in <TList, T> where TList : IList<T>, T.
        var order = parameters.OrderBy(parameter => parameter.GetGenericParameterConstraints().Count(constraint => constraint.ContainsGenericParameters)).ToArray();
        var tries = 0;
        return Choose(0, known);

        Type[]? Choose(int index, Dictionary<Type, Type> chosen)
        {
            if (index == order.Length)
            {
                Type[] arguments = [.. parameters.Select(parameter => chosen[parameter])];
                return tries++ < MaxTries && IsAccepted(arguments, check) ? arguments : null;
            }
            foreach (var candidate in Candidates(order[index], chosen))
            {
                if (Choose(index + 1, new(chosen) { [order[index]] = candidate }) is { } found)
                    return found;
                if (tries >= MaxTries)
                    break;
            }
            return null;
        }
    }

    static bool IsAccepted(Type[] arguments, Func<Type[], object> check)
    {
        try
        {
            check(arguments);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or BadImageFormatException or System.Security.VerificationException)
        {
            return false;
        }
    }

    IEnumerable<Type> Candidates(Type parameter, Dictionary<Type, Type> chosen)
    {
        var kind = parameter.GenericParameterAttributes;
        var constraints = parameter.GetGenericParameterConstraints().Where(constraint => constraint != typeof(ValueType)).ToArray();
        var closed = constraints.Select(constraint => Close(constraint, chosen)).OfType<Type>();
        var implementers = constraints.SelectMany(constraint => _implementers.GetValueOrDefault(Definition(constraint), []).SelectMany(type => CloseAll(type, chosen)));
        return (constraints.Length > 0 ? [.. closed, .. Ordinary, .. implementers] : Ordinary).Distinct().Where(type => Fits(type, kind)).Take(60);
    }

    static bool Fits(Type type, GenericParameterAttributes kind) =>
        (!kind.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) || type.IsValueType) &&
        (!kind.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) || !type.IsValueType) &&
        (!kind.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) || type.IsValueType || type is { IsAbstract: false } && type.GetConstructor([]) is not null);

    static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>With the chosen types in place of the parameters; null while one is not chosen.</summary>
    static Type? Close(Type type, Dictionary<Type, Type> chosen)
    {
        if (type.IsGenericParameter)
            return chosen.GetValueOrDefault(type);
        if (type.IsArray)
            return Close(type.GetElementType()!, chosen)?.MakeArrayType();
        if (!type.ContainsGenericParameters)
            return type;
        var arguments = type.GetGenericArguments().Select(argument => Close(argument, chosen)).ToArray();
        return arguments.Contains(null) ? null : TryMake(type.GetGenericTypeDefinition(), arguments!);
    }

    static IEnumerable<Type> CloseAll(Type type, Dictionary<Type, Type> chosen) => !type.IsGenericTypeDefinition ? [type]
        : chosen.Values.Concat([typeof(object), typeof(int), typeof(byte)]).Distinct()
            .Select(argument => TryMake(type, [.. Enumerable.Repeat(argument, type.GetGenericArguments().Length)])).OfType<Type>();

    static Type? TryMake(Type definition, Type[] arguments)
    {
        try
        {
            return definition.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static Dictionary<Type, List<Type>> FindImplementers(Assembly assembly)
    {
        var found = new Dictionary<Type, List<Type>>();
        foreach (var type in assembly.GetTypes().Where(type => !type.IsAbstract))
        {
            var bases = type.GetInterfaces().AsEnumerable();
            for (var current = type.BaseType; current is not null; current = current.BaseType)
                bases = bases.Append(current);
            foreach (var definition in bases.Select(Definition).Distinct())
            {
                if (!found.TryGetValue(definition, out var types))
                    found[definition] = types = [];
                types.Add(type);
            }
        }
        return found;
    }
}
