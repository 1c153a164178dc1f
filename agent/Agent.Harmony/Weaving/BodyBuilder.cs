using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>A method body under construction: code, local variables, exception clauses.</summary>
sealed class BodyBuilder
{
    readonly List<byte> _locals = [];
    readonly List<ExceptionClause> _clauses = [];
    readonly List<TokenUse> _catchTokens = [];
    int _localCount;
    int _maxStack = 8;

    /// <param name="count">How many local variables the original has.</param>
    /// <param name="locals">Their types.</param>
    public BodyBuilder(int count, byte[] locals)
    {
        _localCount = count;
        _locals.AddRange(locals);
    }

    public IlWriter Il { get; } = new();

    public int AddLocal(byte[] type)
    {
        _locals.AddRange(type);
        return _localCount++;
    }

    /// <summary>The code puts at least that many values on the stack at once.</summary>
    public void NeedStack(int values) => _maxStack = Math.Max(_maxStack, values);

    /// <summary>
    /// A handler for every exception, from <paramref name="handlerStart"/> to here. Inner clauses must precede outer ones: call this when
    /// the handler is complete, after all that it encloses.
    /// </summary>
    public void AddCatch(int tryStart, int handlerStart)
    {
        _catchTokens.Add(new TokenUse(_clauses.Count, [Element.Object], IsType: true));
        _clauses.Add(new ExceptionClause(ExceptionClause.Catch, tryStart, handlerStart - tryStart, handlerStart, Il.Position - handlerStart, 0));
    }

    /// <summary>The same with a filter, which begins behind what it guards and decides which exceptions; the handler follows it.</summary>
    public void AddFilter(int tryStart, int filterStart, int handlerStart) =>
        _clauses.Add(new ExceptionClause(ExceptionClause.Filter, tryStart, filterStart - tryStart, handlerStart, Il.Position - handlerStart, filterStart));

    /// <param name="clause">A clause of the original.</param>
    /// <param name="moved">The new offsets of its code.</param>
    /// <param name="catchType">The type it catches, where it has no token for it.</param>
    public void AddMoved(ExceptionClause clause, int[] moved, byte[]? catchType = null)
    {
        if (catchType is not null)
            _catchTokens.Add(new TokenUse(_clauses.Count, catchType, IsType: true));
        var tryStart = OriginalCode.Moved(moved, clause.TryOffset);
        var tryEnd = OriginalCode.Moved(moved, clause.TryOffset + clause.TryLength);
        var handlerStart = OriginalCode.Moved(moved, clause.HandlerOffset);
        var handlerEnd = OriginalCode.Moved(moved, clause.HandlerOffset + clause.HandlerLength);
        var last = clause.Kind == ExceptionClause.Filter ? OriginalCode.Moved(moved, clause.TokenOrFilter) : clause.TokenOrFilter;
        _clauses.Add(new ExceptionClause(clause.Kind, tryStart, tryEnd - tryStart, handlerStart, handlerEnd - handlerStart, last));
    }

    public WovenBody Build(OriginalBody original) => WovenBody.Join(Header(original), Il.ToArray(), Il.Tokens, Locals(), Clauses(), _catchTokens);

    /// <summary>With the original's local variables and no others, and tokens of the module in the code.</summary>
    public WovenBody Build(OriginalBody original, int localsToken) => WovenBody.Join(Header(original), Il.ToArray(), localsToken, Clauses());

    byte[] Header(OriginalBody original)
    {
        var header = new byte[12];
        var flags = 0x3003 | (original.InitLocals ? 0x10 : 0) | (_clauses.Count > 0 ? 0x08 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)Math.Min(ushort.MaxValue, Math.Max(original.MaxStack, _maxStack)));
        return header;
    }

    byte[] Locals()
    {
        if (_localCount > 0xFFFE)
            throw new HarmonyException($"with patches it would have {_localCount} local variables, and 65534 is the limit");
        var signature = new List<byte> { 0x07 };
        SignatureReader.Append(signature, _localCount);
        signature.AddRange(_locals);
        return [.. signature];
    }

    byte[] Clauses()
    {
        if (_clauses.Count == 0)
            return [];
        var section = new byte[4 + 24 * _clauses.Count];
        BinaryPrimitives.WriteInt32LittleEndian(section, section.Length << 8 | 0x41); // exception table, fat
        for (var i = 0; i < _clauses.Count; i++)
        {
            var clause = _clauses[i];
            var at = section.AsSpan(4 + 24 * i);
            BinaryPrimitives.WriteInt32LittleEndian(at, clause.Kind);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], clause.TryOffset);
            BinaryPrimitives.WriteInt32LittleEndian(at[8..], clause.TryLength);
            BinaryPrimitives.WriteInt32LittleEndian(at[12..], clause.HandlerOffset);
            BinaryPrimitives.WriteInt32LittleEndian(at[16..], clause.HandlerLength);
            BinaryPrimitives.WriteInt32LittleEndian(at[20..], clause.TokenOrFilter);
        }
        return section;
    }
}
