namespace Agent.Benchmarks;

/// <summary>What is in OTLP exports, counted in the protobuf itself: decoding it would take the time of the core that the load needs.</summary>
/// <param name="Bytes">Of the messages.</param>
/// <param name="Spans">All of them.</param>
/// <param name="Requests">Server spans without a parent: one for each request from outside, or call on a connection that stays open.</param>
readonly record struct OtlpCount(long Bytes, long Spans, long Requests)
{
    const int Server = 2;

    public static OtlpCount operator +(OtlpCount a, OtlpCount b) => new(a.Bytes + b.Bytes, a.Spans + b.Spans, a.Requests + b.Requests);

    public static OtlpCount Of(ReadOnlySpan<byte> export)
    {
        var count = new OtlpCount(export.Length, 0, 0);
        while (Next(ref export, out var field, out _, out var resource))
        {
            while (field == 1 && Next(ref resource, out var inResource, out _, out var scope))
            {
                while (inResource == 2 && Next(ref scope, out var inScope, out _, out var span))
                    count += inScope == 2 ? new OtlpCount(0, 1, IsRequest(span) ? 1 : 0) : default;
            }
        }
        return count;
    }

    static bool IsRequest(ReadOnlySpan<byte> span)
    {
        var (hasParent, kind) = (false, 0);
        while (Next(ref span, out var field, out var number, out var bytes))
        {
            hasParent |= field == 4 && bytes.Length > 0;
            kind = field == 6 ? number : kind;
        }
        return !hasParent && kind == Server;
    }

    /// <summary>Takes the next field off a message: its number, and its value if that is a small number or bytes.</summary>
    static bool Next(ref ReadOnlySpan<byte> message, out int field, out int number, out ReadOnlySpan<byte> bytes)
    {
        (field, number) = (0, 0);
        bytes = default;
        if (message.IsEmpty)
            return false;
        var tag = Varint(ref message);
        field = tag >> 3;
        if ((tag & 7) == 0)
            number = Varint(ref message);
        else
            bytes = Take(ref message, (tag & 7) switch { 1 => 8, 5 => 4, 2 => Varint(ref message), _ => throw new InvalidDataException("This is not OTLP.") });
        return true;
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, int length)
    {
        var taken = message[..length];
        message = message[length..];
        return taken;
    }

    static int Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref message, 1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return (int)value;
        }
    }
}
