using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>A method body as the runtime has it: header, code and exception clauses (ECMA-335 II.25.4).</summary>
readonly ref struct OriginalBody
{
    public readonly ReadOnlySpan<byte> Code;
    public readonly int MaxStack;
    public readonly bool InitLocals;
    /// <summary>The signature of its local variables; 0 without any.</summary>
    public readonly int LocalsToken;
    public readonly List<ExceptionClause> Clauses = [];
    /// <summary>What transpilers have made of it; null if it is a method's own.</summary>
    public readonly Transpiling.TranspiledBody? Transpiled;

    public OriginalBody(Transpiling.TranspiledBody transpiled)
    {
        Code = transpiled.Code;
        (MaxStack, InitLocals, Clauses, Transpiled) = (transpiled.MaxStack, transpiled.InitLocals, transpiled.Clauses, transpiled);
    }

    public OriginalBody(ReadOnlySpan<byte> body)
    {
        if ((body[0] & 3) == 2)
        {
            Code = body.Slice(1, body[0] >> 2);
            MaxStack = 8;
            return;
        }
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(body);
        InitLocals = (flags & 0x10) != 0;
        MaxStack = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        var size = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        LocalsToken = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
        Code = body.Slice(12, size);
        var at = 12 + size;
        for (var more = (flags & 0x08) != 0; more;)
        {
            at = at + 3 & ~3;
            var kind = body[at];
            more = (kind & 0x80) != 0;
            var isFat = (kind & 0x40) != 0;
            var bytes = isFat ? BinaryPrimitives.ReadInt32LittleEndian(body[at..]) >> 8 : body[at + 1];
            if ((kind & 0x01) != 0)
                ReadClauses(body.Slice(at + 4, bytes - 4), isFat);
            at += bytes;
        }
    }

    void ReadClauses(ReadOnlySpan<byte> section, bool isFat)
    {
        for (; section.Length >= (isFat ? 24 : 12); section = section[(isFat ? 24 : 12)..])
        {
            Clauses.Add(isFat
                ? new ExceptionClause(Int(section, 0), Int(section, 4), Int(section, 8), Int(section, 12), Int(section, 16), Int(section, 20))
                : new ExceptionClause(Short(section, 0), Short(section, 2), section[4], Short(section, 5), section[7], Int(section, 8)));
        }

        static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    }
}

/// <param name="Kind">0 catch, 1 filter, 2 finally, 4 fault.</param>
/// <param name="TokenOrFilter">The caught type's token, or the filter's offset.</param>
sealed record ExceptionClause(int Kind, int TryOffset, int TryLength, int HandlerOffset, int HandlerLength, int TokenOrFilter)
{
    public const int Catch = 0, Filter = 1;
}
