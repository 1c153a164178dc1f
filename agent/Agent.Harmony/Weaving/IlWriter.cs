using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>IL bytes under construction. Branches are always long; tokens are filled in after the runtime has given them out.</summary>
sealed class IlWriter
{
    byte[] _code = new byte[512];
    readonly List<int> _labels = [];
    readonly List<int> _branches = []; // pairs: where the branch is written, and its label

    public int Position { get; private set; }

    /// <summary>Signatures whose tokens belong at offsets of the code.</summary>
    public List<TokenUse> Tokens { get; } = [];

    public void Op(byte opcode) => Append(1)[0] = opcode;

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    public void Int(int value) => BinaryPrimitives.WriteInt32LittleEndian(Append(4), value);

    Span<byte> Append(int count)
    {
        if (Position + count > _code.Length)
            Array.Resize(ref _code, Math.Max(Position + count, _code.Length * 2));
        Position += count;
        return _code.AsSpan(Position - count, count);
    }

    void WideOp(byte opcode, int operand)
    {
        Op(0xFE);
        Op(opcode);
        BinaryPrimitives.WriteUInt16LittleEndian(Append(2), (ushort)operand);
    }

    void ShortOrWide(byte shortForm, byte wideForm, int operand)
    {
        if (operand > 255)
        {
            WideOp(wideForm, operand);
            return;
        }
        Op(shortForm);
        Op((byte)operand);
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
        BinaryPrimitives.WriteInt64LittleEndian(Append(8), address);
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

    /// <summary>A type's token behind an opcode that is written already.</summary>
    public void TypeToken(byte[] type) => Token(type, isType: true);

    /// <summary>A string's token behind its opcode.</summary>
    public void Text(string text)
    {
        Tokens.Add(new TokenUse(Position, System.Text.Encoding.Unicode.GetBytes(text), IsType: false, IsString: true));
        Int(0);
    }

    /// <summary>A token that belongs into code which was copied here.</summary>
    public void Moved(TokenUse use, int at) => Tokens.Add(use with { At = at });

    /// <summary>A jump to one of several labels.</summary>
    public void Switch(int[] labels)
    {
        Op(0x45);
        Int(labels.Length);
        var end = Position + 4 * labels.Length;
        foreach (var label in labels)
        {
            _branches.Add(Position);
            _branches.Add(label);
            Int(end - (Position + 4)); // what the target is relative to, beyond this place
        }
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
        _branches.Add(Position);
        _branches.Add(label);
        Int(0);
    }

    public void Set(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_code.AsSpan(at), value);

    public int Get(int at) => BinaryPrimitives.ReadInt32LittleEndian(_code.AsSpan(at));

    public byte[] ToArray()
    {
        for (var i = 0; i < _branches.Count; i += 2)
        {
            if (_labels[_branches[i + 1]] < 0)
                throw new HarmonyException("a jump goes to a label that stands nowhere");
            Set(_branches[i], _labels[_branches[i + 1]] - (_branches[i] + 4) - Get(_branches[i]));
        }
        return _code[..Position];
    }
}

/// <summary>A class, like <see cref="ExceptionClause"/>: lists of our own structs would have to be compiled at every start.</summary>
/// <param name="At">Offset in the code.</param>
/// <param name="Signature">Its bytes, or those of a string.</param>
/// <param name="IsType">A type spec; otherwise a stand-alone signature.</param>
/// <param name="IsString">A string.</param>
sealed record TokenUse(int At, byte[] Signature, bool IsType, bool IsString = false);
