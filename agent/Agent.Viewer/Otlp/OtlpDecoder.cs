using System.Buffers.Binary;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Otlp;

/// <summary>
/// Reads an <c>ExportTraceServiceRequest</c> into a <see cref="Block"/>, without an object per span. Field numbers are those of
/// opentelemetry-proto's trace.proto, common.proto and resource.proto.
/// </summary>
ref struct OtlpDecoder(Block block)
{
    readonly Block _block = block;
    string _whyRejected = "";
    int _beyond;

    /// <summary>The trace of each span that was written, in their order.</summary>
    public List<UInt128> TraceIds { get; } = [];

    /// <summary>How many spans were refused.</summary>
    public int Rejected { get; private set; }

    /// <summary>How many values were cut or left out.</summary>
    public int Cut { get; private set; }

    /// <exception cref="InvalidDataException">The message is broken; what was written is to be retracted.</exception>
    public void Decode(ReadOnlySpan<byte> request)
    {
        var message = new WireReader(request);
        while (message.Next())
        {
            if (message.Field == 1 && message.TryBytes(out var process))
                Process(process);
        }
    }

    /// <summary>What became of the spans.</summary>
    /// <param name="tooMany">How many of those written were refused because of the size of their trace.</param>
    public readonly AcceptedSpans Result(int tooMany = 0)
    {
        var why = new List<string>();
        var broken = Rejected - _beyond;
        if (broken > 0)
            why.Add(broken == 1 ? _whyRejected : $"{_whyRejected} ({broken} spans are refused for such reasons.)");
        if (_beyond > 0)
            why.Add($"{_beyond} spans are refused: a request has at most {StoreLimits.SpansPerRequest} here.");
        if (tooMany > 0)
            why.Add($"{tooMany} spans are refused: their trace has {StoreLimits.SpansPerTrace} already.");
        if (Cut > 0)
            why.Add($"{Cut} values are cut or left out: texts have at most {StoreLimits.TextBytes >> 10} KiB here, lists {StoreLimits.ItemsPerSpan} items, and {StoreLimits.Depth} lists stand in each other.");
        return new(TraceIds.Count - tooMany, Rejected + tooMany, string.Join(' ', why));
    }

    void Process(ReadOnlySpan<byte> process)
    {
        // What describes all may stand behind them.
        var start = _block.Position;
        var serviceName = 0;
        var message = new WireReader(process);
        ReadOnlySpan<byte> resource = default;
        while (message.Next())
        {
            if (message.Field == 1 && message.TryBytes(out var found))
                resource = found;
        }

        Attributes(resource, field: 1, ref serviceName);
        var index = _block.AddResource(start, serviceName);
        message = new WireReader(process);
        while (message.Next())
        {
            if (message.Field == 2 && message.TryBytes(out var scope))
                Scope(scope, index);
        }
    }

    void Scope(ReadOnlySpan<byte> content, int resource)
    {
        var start = _block.Position;
        var message = new WireReader(content);
        ReadOnlySpan<byte> scope = default;
        while (message.Next())
        {
            if (message.Field == 1 && message.TryBytes(out var found))
                scope = found;
        }

        int name = 0, version = 0, unused = 0;
        message = new WireReader(scope);
        while (message.Next())
        {
            if (message.Field == 1 && message.TryBytes(out var text))
                name = Text(text);
            else if (message.Field == 2 && message.TryBytes(out text))
                version = Text(text);
        }

        Attributes(scope, field: 3, ref unused);
        var index = _block.AddScope(resource, name, version, start);
        message = new WireReader(content);
        while (message.Next())
        {
            if (message.Field == 2 && message.TryBytes(out var span))
                Span(span, index);
        }
    }

    void Span(ReadOnlySpan<byte> content, int scope)
    {
        if (TraceIds.Count == StoreLimits.SpansPerRequest)
        {
            _beyond++;
            Rejected++;
            return;
        }

        ref var head = ref _block.AddSpan();
        head.Scope = scope;
        ReadOnlySpan<byte> traceId = default, spanId = default, parentId = default, name = default, traceState = default, status = default;
        ulong end = 0;
        ulong droppedAttributes = 0, droppedEvents = 0, droppedLinks = 0;
        int events = 0, links = 0;
        var message = new WireReader(content);
        while (message.Next())
        {
            ulong number;
            switch (message.Field)
            {
                case 1: message.TryBytes(out traceId); break;
                case 2: message.TryBytes(out spanId); break;
                case 3: message.TryBytes(out traceState); break;
                case 4: message.TryBytes(out parentId); break;
                case 5: message.TryBytes(out name); break;
                case 6 when message.TryVarint(out number): head.Kind = (byte)(number <= (int)SpanKind.Consumer ? number : 0); break;
                case 7: message.TryFixed64(out head.Start); break;
                case 8: message.TryFixed64(out end); break;
                case 10 when message.TryVarint(out number): droppedAttributes = Math.Min(number, int.MaxValue); break;
                case 11: events++; break;
                case 12 when message.TryVarint(out number): droppedEvents = Math.Min(number, int.MaxValue); break;
                case 13: links++; break;
                case 14 when message.TryVarint(out number): droppedLinks = Math.Min(number, int.MaxValue); break;
                case 15: message.TryBytes(out status); break;
                case 16 when message.TryFixed32(out var flags): head.Flags = (ushort)flags; break;
            }
        }

        if (!Ids(ref head, traceId, spanId, parentId, name))
            return;
        head.Name = Text(name);
        head.Duration = end > head.Start ? end - head.Start : 0;
        var statusMessage = Status(ref head, status);
        var parts = SpanParts.None;
        if (!traceState.IsEmpty)
            parts |= SpanParts.TraceState;
        if (!statusMessage.IsEmpty)
            parts |= SpanParts.StatusMessage;
        if (events > 0)
            parts |= SpanParts.Events;
        if (links > 0)
            parts |= SpanParts.Links;
        droppedEvents = Dropped(droppedEvents, events);
        droppedLinks = Dropped(droppedLinks, links);
        droppedAttributes = Dropped(droppedAttributes, Count(content, 9));
        if ((droppedAttributes | droppedEvents | droppedLinks) != 0)
            parts |= SpanParts.Dropped;
        _block.Write((byte)parts);
        if (!traceState.IsEmpty)
            _block.Varint(Text(traceState));
        if (!statusMessage.IsEmpty)
            _block.Varint(Text(statusMessage));
        if (parts.HasFlag(SpanParts.Dropped))
        {
            _block.Varint(droppedAttributes);
            _block.Varint(droppedEvents);
            _block.Varint(droppedLinks);
        }

        var unused = 0;
        Attributes(content, field: 9, ref unused);
        if (events > 0)
            Events(content, events);
        if (links > 0)
            Links(content, links);
    }

    // Refuses the span if it cannot be told apart from others.
    bool Ids(ref SpanHead head, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId, ReadOnlySpan<byte> parentId, ReadOnlySpan<byte> name)
    {
        var (field, id, length) = IsId(traceId, 16) ? IsId(spanId, 8) ? ("parent_span_id", parentId.Length, 8) : ("span_id", spanId.Length, 8) : ("trace_id", traceId.Length, 16);
        // Some senders write a missing parent as zeros instead of leaving the field out.
        var hasParent = parentId.ContainsAnyExcept((byte)0);
        if (field == "parent_span_id" && (!hasParent || parentId.Length == 8))
        {
            head.SpanId = BinaryPrimitives.ReadUInt64BigEndian(spanId);
            head.ParentSpanId = hasParent ? BinaryPrimitives.ReadUInt64BigEndian(parentId) : 0;
            TraceIds.Add(BinaryPrimitives.ReadUInt128BigEndian(traceId));
            return true;
        }

        if (Rejected++ == 0)
        {
            _whyRejected = $"The {field} of span '{StyledLine.Shorten(System.Text.Encoding.UTF8.GetString(name[..Math.Min(400, name.Length)]), 100)}' "
                + (id == length ? "is all zeros." : $"has {id} bytes; it must have {length}.");
        }

        _block.RemoveSpan();
        return false;

        static bool IsId(ReadOnlySpan<byte> id, int length) => id.Length == length && id.ContainsAnyExcept((byte)0);
    }

    static ReadOnlySpan<byte> Status(ref SpanHead head, ReadOnlySpan<byte> status)
    {
        ReadOnlySpan<byte> text = default;
        var message = new WireReader(status);
        while (message.Next())
        {
            if (message.Field == 2)
                message.TryBytes(out text);
            else if (message.Field == 3 && message.TryVarint(out var code))
                head.Status = (byte)(code <= (int)SpanStatusCode.Error ? code : 0);
        }

        return text;
    }

    void Events(ReadOnlySpan<byte> span, int count)
    {
        _block.Varint(Math.Min(count, StoreLimits.ItemsPerSpan));
        var left = StoreLimits.ItemsPerSpan;
        var message = new WireReader(span);
        while (message.Next())
        {
            if (message.Field != 11)
                continue;
            // One of another wire type is no event, but has been counted.
            message.TryBytes(out var content);
            if (left-- <= 0)
            {
                Cut++;
                continue;
            }

            ulong time = 0;
            var (name, unused) = (0, 0);
            var inner = new WireReader(content);
            while (inner.Next())
            {
                if (inner.Field == 1)
                    inner.TryFixed64(out time);
                else if (inner.Field == 2 && inner.TryBytes(out var text))
                    name = Text(text);
            }

            _block.Varint(time);
            _block.Varint(name);
            Attributes(content, field: 3, ref unused);
        }
    }

    void Links(ReadOnlySpan<byte> span, int count)
    {
        _block.Varint(Math.Min(count, StoreLimits.ItemsPerSpan));
        var left = StoreLimits.ItemsPerSpan;
        var message = new WireReader(span);
        Span<byte> ids = stackalloc byte[24];
        while (message.Next())
        {
            if (message.Field != 13)
                continue;
            message.TryBytes(out var content);
            if (left-- <= 0)
            {
                Cut++;
                continue;
            }

            ids.Clear();
            var (traceState, unused) = (0, 0);
            var inner = new WireReader(content);
            while (inner.Next())
            {
                if (inner.Field == 1 && inner.TryBytes(out var id) && id.Length == 16)
                    id.CopyTo(ids);
                else if (inner.Field == 2 && inner.TryBytes(out id) && id.Length == 8)
                    id.CopyTo(ids[16..]);
                else if (inner.Field == 3 && inner.TryBytes(out var text))
                    traceState = Text(text);
            }

            _block.Write(ids);
            _block.Varint(traceState);
            Attributes(content, field: 4, ref unused);
        }
    }

    void Attributes(ReadOnlySpan<byte> owner, int field, ref int serviceName, int depth = 0)
    {
        var count = Count(owner, field);
        Cut += Math.Max(0, count - StoreLimits.ItemsPerSpan);
        count = Math.Min(count, StoreLimits.ItemsPerSpan);
        _block.Varint(count);
        if (count == 0)
            return;
        var message = new WireReader(owner);
        while (count > 0 && message.Next())
        {
            if (message.Field != field)
                continue;
            count--;
            message.TryBytes(out var pair);
            ReadOnlySpan<byte> name = default, value = default;
            var inner = new WireReader(pair);
            while (inner.Next())
            {
                if (inner.Field == 1)
                    inner.TryBytes(out name);
                else if (inner.Field == 2)
                    inner.TryBytes(out value);
            }

            _block.Varint(Text(name));
            var isService = depth == 0 && name.SequenceEqual("service.name"u8);
            Value(value, depth, isService, ref serviceName);
        }
    }

    void Value(ReadOnlySpan<byte> value, int depth, bool isService, ref int serviceName)
    {
        // Of several alternatives the last one counts, as everywhere in protobuf.
        var start = _block.Position;
        _block.Write((byte)ValueTag.Null);
        var message = new WireReader(value);
        while (message.Next())
        {
            ReadOnlySpan<byte> bytes;
            switch (message.Field)
            {
                case 1 when message.TryBytes(out bytes):
                    _block.Cut(start);
                    _block.Write((byte)ValueTag.Text);
                    var number = Text(bytes);
                    _block.Varint(number);
                    if (isService)
                        serviceName = number;
                    break;
                case 2 when message.TryVarint(out var flag):
                    _block.Cut(start);
                    _block.Write((byte)(flag != 0 ? ValueTag.True : ValueTag.False));
                    break;
                case 3 when message.TryVarint(out var whole):
                    _block.Cut(start);
                    _block.Write((byte)ValueTag.Int);
                    _block.Varint((ulong)(((long)whole << 1) ^ ((long)whole >> 63)));
                    break;
                case 4 when message.TryFixed64(out var bits):
                    _block.Cut(start);
                    _block.Write((byte)ValueTag.Double);
                    _block.Write(BitConverter.UInt64BitsToDouble(bits));
                    break;
                case 5 or 6 when message.TryBytes(out bytes):
                    _block.Cut(start);
                    if (depth == StoreLimits.Depth)
                    {
                        Cut++;
                        _block.Write((byte)ValueTag.Null);
                    }
                    else if (message.Field == 5)
                    {
                        Array(bytes, depth + 1);
                    }
                    else
                    {
                        var unused = 0;
                        _block.Write((byte)ValueTag.Map);
                        Attributes(bytes, field: 1, ref unused, depth + 1);
                    }

                    break;
                case 7 when message.TryBytes(out bytes):
                    _block.Cut(start);
                    _block.Write((byte)ValueTag.Bytes);
                    Cut += bytes.Length > StoreLimits.TextBytes ? 1 : 0;
                    bytes = bytes[..Math.Min(bytes.Length, StoreLimits.TextBytes)];
                    _block.Varint(bytes.Length);
                    _block.Write(bytes);
                    break;
            }
        }
    }

    void Array(ReadOnlySpan<byte> array, int depth)
    {
        var count = Count(array, 1);
        Cut += Math.Max(0, count - StoreLimits.ItemsPerSpan);
        count = Math.Min(count, StoreLimits.ItemsPerSpan);
        _block.Write((byte)ValueTag.Array);
        _block.Varint(count);
        var unused = 0;
        var message = new WireReader(array);
        while (count > 0 && message.Next())
        {
            if (message.Field != 1)
                continue;
            count--;
            message.TryBytes(out var value);
            Value(value, depth, isService: false, ref unused);
        }
    }

    int Text(ReadOnlySpan<byte> text)
    {
        if (text.Length <= StoreLimits.TextBytes)
            return _block.Texts.Add(text);
        Cut++;
        var end = StoreLimits.TextBytes - 3;
        while ((text[end] & 0xC0) == 0x80 && end > StoreLimits.TextBytes - 8) // within a character
            end--;
        return _block.Texts.Add([.. text[..end], .. "…"u8]);
    }

    // By the sender, and here.
    static ulong Dropped(ulong sender, int items) => Math.Min(int.MaxValue, sender + (ulong)Math.Max(0, items - StoreLimits.ItemsPerSpan));

    static int Count(ReadOnlySpan<byte> owner, int field)
    {
        var count = 0;
        var message = new WireReader(owner);
        while (message.Next())
            count += message.Field == field ? 1 : 0;
        return count;
    }
}
