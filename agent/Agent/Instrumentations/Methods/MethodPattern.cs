using System.IO.Enumeration;
using System.Reflection;

namespace Agent.Instrumentations.Methods;

/// <summary>
/// One entry of AGENT_TRACE_METHODS: `MyShop.Orders.OrderService.Place`, with * for any characters, and behind it, where only some overloads
/// are meant, the types of the parameters: `Place(Order, int)`.
/// </summary>
sealed class MethodPattern
{
    readonly string _name;
    readonly string[]? _parameters;
    int _matched;

    MethodPattern(string text, string name, string[]? parameters)
    {
        Text = text;
        _name = name;
        _parameters = parameters;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>It has no *: somebody means just this method, whatever it is.</summary>
    public bool IsExact => !_name.Contains('*', StringComparison.Ordinal);

    /// <summary>Whether it has matched any method so far.</summary>
    public bool HasMatched => Volatile.Read(ref _matched) != 0;

    /// <returns>Null if it is no pattern.</returns>
    public static MethodPattern? Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).Trim();
        if (!IsName(name) || (open >= 0 && !text.EndsWith(')')))
            return null;
        var list = open < 0 ? "*" : text[(open + 1)..^1].Trim();
        return list is "*" or "…" or ".." or "..."
            ? new MethodPattern(text, name, parameters: null)
            : new MethodPattern(text, name, list.Length == 0 ? [] : list.Split(',', StringSplitOptions.TrimEntries));
    }

    /// <summary>«Type.Method» at least, or with a *.</summary>
    static bool IsName(string name)
    {
        var isLong = name.Contains('*', StringComparison.Ordinal) || name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < name.Length - 1;
        foreach (var character in name)
            isLong &= char.IsLetterOrDigit(character) || character is '.' or '*' or '_' or '+' or '<' or '>' or '`';
        return isLong && name.Length > 0;
    }

    /// <summary>Whether a method of an assembly can be meant: the framework's are only where its name is written out.</summary>
    public bool IsFor(string assembly) => !IsFrameworks(assembly) || IsFrameworks(_name);

    static bool IsFrameworks(string name) => name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    /// <summary>Whether the method is meant. Notes that something is.</summary>
    public bool Matches(MethodInfo method)
    {
        if (!FileSystemName.MatchesSimpleExpression(_name, $"{method.DeclaringType!.FullName}.{method.Name}".Replace('+', '.'), ignoreCase: false) || !HasParameters(method))
            return false;
        Volatile.Write(ref _matched, 1);
        return true;
    }

    bool HasParameters(MethodInfo method)
    {
        if (_parameters is null)
            return true;
        var parameters = method.GetParameters();
        if (parameters.Length != _parameters.Length)
            return false;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!IsNamed(parameters[i].ParameterType, _parameters[i]))
                return false;
        }
        return true;
    }

    /// <summary>By its name in C#, its short name or its full one.</summary>
    static bool IsNamed(Type type, string name) => name == "*" || name == type.Name || name == type.FullName || name == Keyword(type);

    static string? Keyword(Type type) => type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Char => "char",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        _ => type == typeof(object) ? "object" : null,
    };
}
