using System.Reflection;
using System.Text;

namespace HarmonyLib;

/// <summary>Descriptions of types and methods, and small things around them (harmony.pardeike.net, «GeneralExtensions»).</summary>
public static class GeneralExtensions
{
    /// <summary>One text of many things.</summary>
    /// <param name="enumeration">The things.</param>
    /// <param name="converter">What is said of each; ToString by default.</param>
    /// <param name="delimiter">What stands between them.</param>
    public static string Join<T>(this IEnumerable<T> enumeration, Func<T, string>? converter = null, string delimiter = ", ") =>
        string.Join(delimiter, enumeration.Select(converter ?? (static item => item?.ToString() ?? "")));

    /// <summary>Parameter types: «(System.Int32, System.String)»; «NULL» for none.</summary>
    public static string Description(this Type[]? parameters) => parameters is null ? "NULL" : $"({parameters.Join(FullDescription)})";

    /// <summary>A type as source code names it: «System.Collections.Generic.List&lt;System.Int32&gt;».</summary>
    public static string FullDescription(this Type? type)
    {
        if (type is null)
            return "null";
        if (type.IsGenericParameter)
            return type.Name;
        if (type.HasElementType)
            return FullDescription(type.GetElementType()) + (type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : type.IsByRef ? "&" : "*");
        var name = type.IsGenericType ? type.GetGenericTypeDefinition().FullName! : type.FullName ?? type.Name;
        if (!type.IsGenericType)
            return name;
        var described = new StringBuilder();
        var (arguments, used) = (type.GetGenericArguments(), 0);
        foreach (var part in name.Split('+'))
        {
            if (described.Length > 0)
                described.Append('+');
            var tick = part.IndexOf('`', StringComparison.Ordinal);
            if (tick < 0)
            {
                described.Append(part);
                continue;
            }
            var count = int.Parse(part.AsSpan(tick + 1), System.Globalization.CultureInfo.InvariantCulture);
            described.Append(part, 0, tick).Append('<').Append(arguments[used..(used + count)].Join(FullDescription)).Append('>');
            used += count;
        }
        return described.ToString();
    }

    /// <summary>A method with all its types: «static System.Int32 Shop.Cart::Add(System.Int32 item)».</summary>
    public static string FullDescription(this MethodBase? member)
    {
        if (member is null)
            return "null";
        var kind = $"{(member.IsAbstract ? "abstract " : "")}{(member.IsVirtual ? "virtual " : "")}{(member.IsStatic ? "static " : "")}";
        var type = member.DeclaringType is { } declaring ? $"{declaring.FullDescription()}::" : "";
        return $"{kind}{AccessTools.GetReturnedType(member).FullDescription()} {type}{member.Name}({member.GetParameters().Join(static parameter => $"{parameter.ParameterType.FullDescription()} {parameter.Name}")})";
    }

    /// <summary>The types of parameters.</summary>
    public static Type[] Types(this ParameterInfo[] pinfo) => Array.ConvertAll(pinfo, static parameter => parameter.ParameterType);

    /// <summary>The value of a key, or the default.</summary>
    public static T? GetValueSafe<TKey, T>(this Dictionary<TKey, T> dictionary, TKey key) where TKey : notnull => dictionary.TryGetValue(key, out var value) ? value : default;

    /// <summary>The value of a key as that type, or the default.</summary>
    public static T? GetTypedValue<T>(this Dictionary<string, object> dictionary, string key) => dictionary.TryGetValue(key, out var value) && value is T typed ? typed : default;

    /// <summary>A text as source code writes it.</summary>
    public static string ToLiteral(this string input, string quoteChar = "\"")
    {
        ArgumentNullException.ThrowIfNull(input);
        var literal = new StringBuilder(input.Length + 2).Append(quoteChar);
        foreach (var character in input)
        {
            literal.Append(character switch
            {
                '\'' => "\\'",
                '"' => "\\\"",
                '\\' => @"\\",
                '\0' => @"\0",
                '\a' => @"\a",
                '\b' => @"\b",
                '\f' => @"\f",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\v' => @"\v",
                >= ' ' and <= '~' => $"{character}",
                _ => $@"\u{(int)character:x4}",
            });
        }
        return literal.Append(quoteChar).ToString();
    }

    /// <summary>Whether a class or one of its base classes has an annotation.</summary>
    public static bool HasHarmonyAttribute(this Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsDefined(typeof(HarmonyAttribute), inherit: true);
    }
}
