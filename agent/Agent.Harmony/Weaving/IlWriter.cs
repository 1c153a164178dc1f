using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>IL bytes under construction. Branches are always long; tokens are filled in after the runtime has given them out.</summary>
sealed class IlWriter
{
    readonly List<byte> _code = new(256);
    readonly List<int> _labels = [];
    readonly List<(int At, int Label)> _branches = [];

    public int Position => _code.Count;

    /// <summary>Signatures whose tokens belong at offsets of the code.</summary>
    public List<TokenUse> Tokens { get; } = [];

    public void Op(byte opcode) => _code.Add(opcode);

    public void Bytes(ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    public void Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }

    void WideOp(byte opcode, int operand)
    {
        _code.Add(0xFE);
        _code.Add(opcode);
        _code.Add((byte)operand);
        _code.Add((byte)(operand >> 8));
    }

    void ShortOrWide(byte shortForm, byte wideForm, int operand)
    {
        if (operand > 255)
        {
            WideOp(wideForm, operand);
            return;
        }
        _code.Add(shortForm);
        _code.Add((byte)operand);
    }

    public void LoadArgument(int index) => ShortOrWide(0x0E, 0x09, index);

    public void LoadArgumentAddress(int index) => ShortOrWide(0x0F, 0x0A, index);

    public void StoreArgument(int index) => ShortOrWide(0x10, 0x0B, index);

    public void LoadLocal(int index) => ShortOrWide(0x11, 0x0C, index);

    public void LoadLocalAddress(int index) => ShortOrWide(0x12, 0x0D, index);

    public void StoreLocal(int index) => ShortOrWide(0x13, 0x0E, index);

    public void LoadInt(int value)
    {
        Op(0x20);
        Int(value);
    }

    /// <summary>A native address as a constant.</summary>
    public void LoadAddress(nint address)
    {
        Op(0x21); // ldc.i8
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, address);
        _code.AddRange(bytes);
        Op(0xD3); // conv.i
    }

    /// <summary>Calls managed code through its address: needs no reference from the patched module to ours.</summary>
    public void CallIndirect(nint function, byte[] signature)
    {
        LoadAddress(function);
        Op(0x29);
        Token(signature, isType: false);
    }

    public void OnType(byte opcode, byte[] type)
    {
        Op(opcode);
        Token(type, isType: true);
    }

    public void InitializeObject(byte[] type)
    {
        Op(0xFE);
        OnType(0x15, type);
    }

    void Token(byte[] signature, bool isType)
    {
        Tokens.Add(new TokenUse(Position, signature, isType));
        Int(0);
    }

    public int NewLabel()
    {
        _labels.Add(-1);
        return _labels.Count - 1;
    }

    public void Mark(int label) => _labels[label] = Position;

    /// <summary>A long branch or `leave`.</summary>
    public void Branch(byte opcode, int label)
    {
        Op(opcode);
        _branches.Add((Position, label));
        Int(0);
    }

    public void Set(int at, int value)
    {
        for (var i = 0; i < 4; i++)
            _code[at + i] = (byte)(value >> 8 * i);
    }

    public int Get(int at) => _code[at] | _code[at + 1] << 8 | _code[at + 2] << 16 | _code[at + 3] << 24;

    public byte[] ToArray()
    {
        foreach (var (at, label) in _branches)
            Set(at, _labels[label] - (at + 4));
        return [.. _code];
    }
}

/// <summary>A class, like <see cref="ExceptionClause"/>: lists of our own structs would have to be compiled at every start.</summary>
/// <param name="At">Offset in the code.</param>
/// <param name="IsType">A type spec; otherwise a stand-alone signature.</param>
sealed record TokenUse(int At, byte[] Signature, bool IsType);
