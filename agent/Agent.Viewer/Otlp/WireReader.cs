using System.Buffers.Binary;

namespace Agent.Viewer.Otlp;

/// <summary>Reads one protobuf message field by field. What is not asked for is skipped, as the format wants it.</summary>
ref struct WireReader(ReadOnlySpan<byte> message)
{
    const int VarintType = 0, Fixed64Type = 1, BytesType = 2, Fixed32Type = 5;
    readonly ReadOnlySpan<byte> _message = message;
    int _at;
    int _type = -1;

    /// <summary>The number of the field that <see cref="Next"/> has found.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field, past the content of the one before if nobody has read it.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">The message is broken.</exception>
    public bool Next()
    {
        if (_type >= 0)
            Skip();
        if (_at == _message.Length)
            return false;
        var tag = Varint64();
        (Field, _type) = (tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw new InvalidDataException($"It has a field of number {tag >> 3}."), (int)(tag & 7));
        return true;
    }

    /// <summary>The field's content, if it is a length-delimited one; else it is skipped, as a field that is not known.</summary>
    public bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_type != BytesType)
            return false;
        bytes = Delimited();
        _type = -1;
        return true;
    }

    /// <summary>The field's number, if it is a varint.</summary>
    public bool TryVarint(out ulong value)
    {
        value = 0;
        if (_type != VarintType)
            return false;
        value = Varint64();
        _type = -1;
        return true;
    }

    /// <summary>The field's number, if it has 8 bytes.</summary>
    public bool TryFixed64(out ulong value)
    {
        value = 0;
        if (_type != Fixed64Type)
            return false;
        value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        _type = -1;
        return true;
    }

    /// <summary>The field's number, if it has 4 bytes.</summary>
    public bool TryFixed32(out uint value)
    {
        value = 0;
        if (_type != Fixed32Type)
            return false;
        value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        _type = -1;
        return true;
    }

    void Skip()
    {
        switch (_type)
        {
            case VarintType: Varint64(); break;
            case Fixed64Type: Take(8); break;
            case BytesType: Delimited(); break;
            case Fixed32Type: Take(4); break;
            default: throw new InvalidDataException($"Its field {Field} has the wire type {_type}, which proto3 does not have.");
        }

        _type = -1;
    }

    ReadOnlySpan<byte> Delimited()
    {
        var length = Varint64();
        return length <= (ulong)(_message.Length - _at)
            ? Take((int)length)
            : throw new InvalidDataException($"It ends within field {Field}, which should have {length} bytes.");
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
            throw new InvalidDataException($"It ends within field {Field}.");
        var taken = _message.Slice(_at, count);
        _at += count;
        return taken;
    }

    ulong Varint64()
    {
        if (_at < _message.Length && _message[_at] < 0x80)
            return _message[_at++];
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _message.Length)
                throw new InvalidDataException("It ends within a number.");
            var part = _message[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("It has a number of more than 10 bytes.");
    }
}
