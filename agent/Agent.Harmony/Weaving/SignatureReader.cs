namespace HarmonyLib.Weaving;

/// <summary>
/// Cuts a signature blob (ECMA-335 II.23.2) into the raw bytes of its types, so that they can be copied into signatures of our own
/// without knowing what they mean: tokens stay valid inside the same module, type variables inside the same generic method.
/// </summary>
ref struct SignatureReader(ReadOnlySpan<byte> blob)
{
    readonly ReadOnlySpan<byte> _blob = blob;
    int _at;

    /// <summary>Return type and parameter types of a MethodDefSig.</summary>
    /// <exception cref="HarmonyException">The method takes a variable argument list.</exception>
    public static MethodTypes Method(ReadOnlySpan<byte> blob)
    {
        var reader = new SignatureReader(blob);
        var convention = reader._blob[reader._at++];
        if ((convention & 0x0F) == 0x05)
            throw new HarmonyException("it takes a variable argument list");
        if ((convention & 0x10) != 0)
            reader.Number();
        var parameters = new SignatureType[reader.Number()];
        var result = reader.Type();
        for (var i = 0; i < parameters.Length; i++)
            parameters[i] = reader.Type();
        return new MethodTypes(result, parameters, HasThis: (convention & 0x20) != 0);
    }

    /// <summary>The last type argument of a generic type; nothing for a type without any. So it cuts T out of Task&lt;T&gt;.</summary>
    public static SignatureType ArgumentOrVoid(SignatureType type)
    {
        var reader = new SignatureReader(type.Element);
        if (reader._blob[reader._at++] != Element.GenericInstance)
            return new SignatureType([Element.Void], [Element.Void], IsByRef: false, IsVoid: true);
        reader._at++;
        reader.Number();
        for (var before = reader.Number() - 1; before > 0; before--)
            reader.Skip();
        return reader.Type();
    }

    /// <summary>How many variables a LocalVarSig has, and its bytes behind that number.</summary>
    public static (int Count, byte[] Types) Locals(ReadOnlySpan<byte> blob)
    {
        if (blob.IsEmpty)
            return (0, []);
        var reader = new SignatureReader(blob) { _at = 1 };
        var count = reader.Number();
        return (count, blob[reader._at..].ToArray());
    }

    SignatureType Type()
    {
        var start = _at;
        SkipModifiers();
        var isByRef = _blob[_at] == Element.ByRef;
        if (isByRef)
        {
            _at++;
            SkipModifiers();
        }
        var element = _at;
        Skip();
        return new SignatureType(_blob[start.._at].ToArray(), _blob[element.._at].ToArray(), isByRef, IsVoid: _blob[element] == Element.Void);
    }

    void SkipModifiers()
    {
        while (_blob[_at] is Element.RequiredModifier or Element.OptionalModifier)
        {
            _at++;
            Number();
        }
    }

    void Skip()
    {
        SkipModifiers();
        switch (_blob[_at++])
        {
            case Element.Pointer or Element.ByRef or Element.Vector or Element.Pinned:
                Skip();
                break;
            case Element.ValueType or Element.Class or Element.TypeVariable or Element.MethodVariable:
                Number();
                break;
            case Element.Array:
                Skip();
                Number();
                for (var sizes = Number(); sizes > 0; sizes--)
                    Number();
                for (var bounds = Number(); bounds > 0; bounds--)
                    Number();
                break;
            case Element.GenericInstance:
                _at++;
                Number();
                for (var arguments = Number(); arguments > 0; arguments--)
                    Skip();
                break;
            case Element.FunctionPointer:
                var convention = _blob[_at++];
                if ((convention & 0x10) != 0)
                    Number();
                for (var types = Number() + 1; types > 0; types--)
                {
                    if (_blob[_at] == Element.Sentinel)
                        _at++;
                    Skip();
                }
                break;
        }
    }

    /// <summary>A compressed unsigned integer (II.23.2): one, two or four bytes.</summary>
    int Number()
    {
        var first = _blob[_at++];
        if ((first & 0x80) == 0)
            return first;
        if ((first & 0x40) == 0)
            return (first & 0x3F) << 8 | _blob[_at++];
        var number = (first & 0x1F) << 24 | _blob[_at] << 16 | _blob[_at + 1] << 8 | _blob[_at + 2];
        _at += 3;
        return number;
    }

    /// <summary>Appends a compressed unsigned integer.</summary>
    public static void Append(List<byte> to, int number)
    {
        if (number < 0x80)
        {
            to.Add((byte)number);
        }
        else if (number < 0x4000)
        {
            to.Add((byte)(number >> 8 | 0x80));
            to.Add((byte)number);
        }
        else
        {
            to.Add((byte)(number >> 24 | 0xC0));
            to.Add((byte)(number >> 16));
            to.Add((byte)(number >> 8));
            to.Add((byte)number);
        }
    }
}

/// <summary>The types of a method's signature.</summary>
sealed record MethodTypes(SignatureType Result, SignatureType[] Parameters, bool HasThis);

/// <param name="Bytes">The whole type with its modifiers.</param>
/// <param name="Element">The type, or what a reference refers to, without modifiers.</param>
sealed record SignatureType(byte[] Bytes, byte[] Element, bool IsByRef, bool IsVoid);

/// <summary>ELEMENT_TYPE_… of ECMA-335 II.23.1.16.</summary>
static class Element
{
    public const byte Void = 0x01, Boolean = 0x02, Int4 = 0x08, String = 0x0E, Pointer = 0x0F, ByRef = 0x10, ValueType = 0x11, Class = 0x12, TypeVariable = 0x13,
        Array = 0x14, GenericInstance = 0x15, NativeInt = 0x18, FunctionPointer = 0x1B, Object = 0x1C, Vector = 0x1D, MethodVariable = 0x1E,
        RequiredModifier = 0x1F, OptionalModifier = 0x20, Internal = 0x21, Sentinel = 0x41, Pinned = 0x45;

    /// <summary>The element type of a primitive; 0 for anything else.</summary>
    public static byte Primitive(Type type) => Type.GetTypeCode(type.IsEnum ? typeof(object) : type) switch
    {
        TypeCode.Boolean => Boolean,
        TypeCode.Char => 0x03,
        TypeCode.SByte => 0x04,
        TypeCode.Byte => 0x05,
        TypeCode.Int16 => 0x06,
        TypeCode.UInt16 => 0x07,
        TypeCode.Int32 => Int4,
        TypeCode.UInt32 => 0x09,
        TypeCode.Int64 => 0x0A,
        TypeCode.UInt64 => 0x0B,
        TypeCode.Single => 0x0C,
        TypeCode.Double => 0x0D,
        _ => type == typeof(nint) ? NativeInt : type == typeof(nuint) ? (byte)0x19 : (byte)0,
    };
}
