using System.Buffers.Binary;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>The part of MessagePack that Blazor's circuits use: nil, booleans, integers, text, bytes, arrays and empty maps.</summary>
static class MessagePack
{
    public static byte[] Write(params object?[] array)
    {
        var bytes = new List<byte>();
        Write(bytes, array);
        return [.. bytes];
    }

    static void Write(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case null:
                bytes.Add(0xC0);
                break;
            case bool flag:
                bytes.Add(flag ? (byte)0xC3 : (byte)0xC2);
                break;
            case int or long:
                WriteNumber(bytes, 0xD3, 8, Convert.ToInt64(value));
                break;
            case string text:
                var encoded = Encoding.UTF8.GetBytes(text);
                WriteNumber(bytes, 0xDB, 4, encoded.Length);
                bytes.AddRange(encoded);
                break;
            case object?[] items:
                WriteNumber(bytes, 0xDD, 4, items.Length);
                foreach (var item in items)
                    Write(bytes, item);
                break;
            case Dictionary<string, string> { Count: 0 }:
                bytes.Add(0x80);
                break;
            default:
                throw new NotSupportedException($"{value.GetType()}");
        }
    }

    static void WriteNumber(List<byte> bytes, byte code, int size, long number)
    {
        bytes.Add(code);
        for (var shift = (size - 1) * 8; shift >= 0; shift -= 8)
            bytes.Add((byte)(number >> shift));
    }

    /// <summary>Reads one value and moves on behind it. Maps are read as arrays of keys and values.</summary>
    public static object? Read(ref ReadOnlySpan<byte> bytes)
    {
        var code = Take(ref bytes, 1)[0];
        return code switch
        {
            < 0x80 => (long)code,
            < 0x90 => ReadArray(ref bytes, (code & 0xF) * 2),
            < 0xA0 => ReadArray(ref bytes, code & 0xF),
            < 0xC0 => Encoding.UTF8.GetString(Take(ref bytes, code & 0x1F)),
            0xC0 => null,
            0xC2 or 0xC3 => code == 0xC3,
            >= 0xC4 and <= 0xC6 => Take(ref bytes, (int)ReadNumber(ref bytes, 1 << (code - 0xC4))).ToArray(),
            0xCA => BinaryPrimitives.ReadSingleBigEndian(Take(ref bytes, 4)),
            >= 0xCC and <= 0xCF => ReadNumber(ref bytes, 1 << (code - 0xCC)),
            >= 0xD0 and <= 0xD3 => ReadNumber(ref bytes, 1 << (code - 0xD0)), // negative ones are not used
            >= 0xD9 and <= 0xDB => Encoding.UTF8.GetString(Take(ref bytes, (int)ReadNumber(ref bytes, 1 << (code - 0xD9)))),
            0xDC or 0xDD => ReadArray(ref bytes, (int)ReadNumber(ref bytes, code == 0xDC ? 2 : 4)),
            >= 0xE0 => (long)(sbyte)code,
            _ => throw new NotSupportedException($"0x{code:X2}"),
        };
    }

    static object?[] ReadArray(ref ReadOnlySpan<byte> bytes, int length)
    {
        var items = new object?[length];
        for (var i = 0; i < length; i++)
            items[i] = Read(ref bytes);
        return items;
    }

    static long ReadNumber(ref ReadOnlySpan<byte> bytes, int size)
    {
        var number = 0L;
        foreach (var part in Take(ref bytes, size))
            number = (number << 8) | part;
        return number;
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
