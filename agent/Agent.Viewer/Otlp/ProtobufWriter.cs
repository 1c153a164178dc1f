using System.Buffers.Binary;

namespace Agent.Viewer.Otlp;

/// <summary>Writes protobuf messages into one growing buffer.</summary>
sealed class ProtobufWriter(int capacity)
{
    byte[] _buffer = new byte[Math.Max(256, capacity)];
    int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Varint(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
    }

    public void Fixed64(int field, ulong value)
    {
        Varint((ulong)field << 3 | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
    }

    public void Fixed32(int field, uint value)
    {
        Varint((ulong)field << 3 | 5);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)field << 3 | 2);
        Varint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Begins a message inside of the one that is being written; <see cref="End"/> gets what it returns.</summary>
    public int Begin(int field)
    {
        Varint((ulong)field << 3 | 2);
        Take(1); // most messages are shorter than 128 bytes, so their length takes one
        return _length;
    }

    public void End(int start)
    {
        var length = _length - start;
        var more = 0;
        for (var rest = length >> 7; rest > 0; rest >>= 7)
            more++;
        if (more > 0)
        {
            Take(more);
            _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + more));
        }

        var at = start - 1;
        for (; length >= 0x80; length >>= 7)
            _buffer[at++] = (byte)(length | 0x80);
        _buffer[at] = (byte)length;
    }

    void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Take(1)[0] = (byte)(value | 0x80);
        Take(1)[0] = (byte)value;
    }

    Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_length + count, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}
