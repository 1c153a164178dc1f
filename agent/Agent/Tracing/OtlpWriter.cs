using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Agent.Tracing;

/// <summary>Writes protobuf messages of OTLP (opentelemetry/proto/trace/v1) into a buffer that grows with them.</summary>
/// <param name="buffer">Where to write: of the shared pool, and given back to it when it is too small.</param>
/// <param name="position">From where on.</param>
ref struct OtlpWriter(byte[] buffer, int position)
{
    const int Varint = 0, Bits64 = 1, Length = 2, Bits32 = 5;

    /// <summary>Room for a length of up to 2^28 bytes that is known only later.</summary>
    public const int ReservedLength = 4;

    byte[] _buffer = buffer;
    int _position = position;

    /// <summary>What has been written into: another one than at the beginning if that was too small.</summary>
    public readonly byte[] Buffer => _buffer;

    /// <summary>Where the next byte goes.</summary>
    public readonly int Position => _position;

    /// <summary>A message in a field begins.</summary>
    /// <returns>For <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Grow(16);
        Tag(field, Length);
        _position += ReservedLength;
        return _position;
    }

    /// <summary>It ends.</summary>
    public readonly void End(int begun) => SetLength(_buffer, begun - ReservedLength, _position - begun);

    /// <summary>Writes a length into the four bytes that were left for it.</summary>
    public static void SetLength(byte[] buffer, int at, int length)
    {
        for (var i = 0; i < ReservedLength; i++)
            buffer[at + i] = (byte)(length >> 7 * i & 0x7F | (i < ReservedLength - 1 ? 0x80 : 0));
    }

    /// <summary>A field of 16 bytes.</summary>
    public void TraceId(int field, ActivityTraceId id)
    {
        Grow(32);
        Tag(field, Length);
        _buffer[_position++] = 16;
        id.CopyTo(_buffer.AsSpan(_position, 16));
        _position += 16;
    }

    /// <summary>A field of 8 bytes, the most significant first.</summary>
    public void Id(int field, ulong id)
    {
        Grow(16);
        Tag(field, Length);
        _buffer[_position++] = 8;
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(_position), id);
        _position += 8;
    }

    /// <summary>An enum or unsigned number.</summary>
    public void Number(int field, ulong value)
    {
        Grow(16);
        Tag(field, Varint);
        Write(value);
    }

    /// <summary>A fixed64.</summary>
    public void Fixed64(int field, ulong value)
    {
        Grow(16);
        Tag(field, Bits64);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_position), value);
        _position += 8;
    }

    /// <summary>A fixed32.</summary>
    public void Fixed32(int field, uint value)
    {
        Grow(16);
        Tag(field, Bits32);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_position), value);
        _position += 4;
    }

    /// <summary>A string, in UTF-8.</summary>
    public void String(int field, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Grow(16 + length);
        Tag(field, Length);
        Text(value, length);
    }

    /// <summary>A KeyValue; nothing if its value is null.</summary>
    public void Attribute(int field, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                var length = Encoding.UTF8.GetByteCount(text);
                Key(field, name, 1 + SizeOf((ulong)length) + length, length);
                Tag(1, Length);
                Text(text, length);
                break;
            case bool flag:
                Key(field, name, 2);
                Tag(2, Varint);
                _buffer[_position++] = flag ? (byte)1 : (byte)0;
                break;
            case int number:
                Integer(field, name, number);
                break;
            case long number:
                Integer(field, name, number);
                break;
            case double number:
                Key(field, name, 9);
                Tag(4, Bits64);
                BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_position), BitConverter.DoubleToUInt64Bits(number));
                _position += 8;
                break;
            default:
                throw new UnreachableException($"{name}: a record keeps no {value.GetType()}");
        }
    }

    void Integer(int field, string name, long value)
    {
        Key(field, name, 1 + SizeOf((ulong)value));
        Tag(3, Varint);
        Write((ulong)value);
    }

    /// <summary>All of a KeyValue but the content of its AnyValue, for which there is room afterwards.</summary>
    void Key(int field, string name, int sizeOfValue, int room = 0)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        Grow(48 + length + room);
        Tag(field, Length);
        Write((ulong)(1 + SizeOf((ulong)length) + length + 1 + SizeOf((ulong)sizeOfValue) + sizeOfValue));
        Tag(1, Length);
        Text(name, length);
        Tag(2, Length);
        Write((ulong)sizeOfValue);
    }

    static int SizeOf(ulong value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7)
            size++;
        return size;
    }

    /// <summary>A Status.</summary>
    public void Status(int field, uint code, string? message)
    {
        var begun = Begin(field);
        if (!string.IsNullOrEmpty(message))
            String(2, message);
        Number(3, code);
        End(begun);
    }

    void Text(string value, int length)
    {
        Write((ulong)length);
        _position += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_position));
    }

    void Tag(int field, int type) => Write((ulong)(field << 3 | type));

    void Write(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_position++] = (byte)value;
    }

    void Grow(int room)
    {
        if (_buffer.Length - _position >= room)
            return;
        var small = _buffer;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(small.Length * 2, _position + room));
        small.AsSpan(0, _position).CopyTo(_buffer);
        ArrayPool<byte>.Shared.Return(small);
    }
}
