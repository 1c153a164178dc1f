using System.Buffers.Binary;

namespace Agent.Viewer.Storage;

/// <summary>Makes <see cref="ReceivedSpan"/>s of what a <see cref="Block"/> holds; texts and processes that recur are the same objects.</summary>
sealed class BlockReader(Block block)
{
    readonly Dictionary<int, string> _texts = [];
    readonly Dictionary<int, IReadOnlyDictionary<string, object?>> _resources = [];

    public ReceivedSpan Read(int index, UInt128 traceId)
    {
        ref var head = ref block[index];
        var at = head.Rest;
        var scope = block.ScopeOf(head.Scope);
        var parts = (SpanParts)block.Rest[at++];
        var traceState = parts.HasFlag(SpanParts.TraceState) ? Text(ref at) : "";
        var statusMessage = parts.HasFlag(SpanParts.StatusMessage) ? Text(ref at) : "";
        var (droppedAttributes, droppedEvents, droppedLinks) = parts.HasFlag(SpanParts.Dropped) ? (Number(ref at), Number(ref at), Number(ref at)) : default;
        return new ReceivedSpan
        {
            TraceId = SpanIds.Text(traceId),
            SpanId = SpanIds.Text(head.SpanId),
            ParentSpanId = head.ParentSpanId == 0 ? null : SpanIds.Text(head.ParentSpanId),
            Flags = head.Flags,
            Name = Text(head.Name),
            Kind = (SpanKind)head.Kind,
            StartUnixNano = head.Start,
            EndUnixNano = head.Start + head.Duration,
            TraceState = traceState,
            StatusCode = (SpanStatusCode)head.Status,
            StatusMessage = statusMessage,
            DroppedAttributes = droppedAttributes,
            DroppedEvents = droppedEvents,
            DroppedLinks = droppedLinks,
            Attributes = Attributes(ref at),
            Events = parts.HasFlag(SpanParts.Events) ? Events(ref at) : [],
            Links = parts.HasFlag(SpanParts.Links) ? Links(ref at) : [],
            ScopeName = Text(scope.Name),
            ScopeVersion = Text(scope.Version),
            ScopeAttributes = AttributesAt(scope.Start),
            Resource = Resource(scope.Resource),
        };
    }

    /// <summary>Adds the names of a span's attributes.</summary>
    public void AddAttributeNames(int index, ISet<string> names)
    {
        foreach (var name in Read(index, default).Attributes.Keys)
            names.Add(name);
    }

    public string Text(int number)
    {
        if (!_texts.TryGetValue(number, out var text))
            _texts.Add(number, text = block.Texts.Text(number));
        return text;
    }

    IReadOnlyDictionary<string, object?> Resource(int number)
    {
        if (!_resources.TryGetValue(number, out var resource))
            _resources.Add(number, resource = AttributesAt(block.ResourceStart(number)));
        return resource;
    }

    SpanEvent[] Events(ref int at)
    {
        var events = new SpanEvent[Number(ref at)];
        for (var i = 0; i < events.Length; i++)
        {
            var time = block.Varint(ref at);
            events[i] = new SpanEvent(Text(ref at), time, Attributes(ref at));
        }

        return events;
    }

    SpanLink[] Links(ref int at)
    {
        var links = new SpanLink[Number(ref at)];
        for (var i = 0; i < links.Length; i++)
        {
            var ids = block.Rest.Slice(at, 24);
            at += 24;
            var traceState = Text(ref at);
            links[i] = new SpanLink(Convert.ToHexStringLower(ids[..16]), Convert.ToHexStringLower(ids[16..]), Attributes(ref at)) { TraceState = traceState };
        }

        return links;
    }

    IReadOnlyDictionary<string, object?> AttributesAt(int start) => Attributes(ref start);

    IReadOnlyDictionary<string, object?> Attributes(ref int at)
    {
        var count = Number(ref at);
        if (count == 0)
            return ReceivedSpan.NoAttributes;
        var attributes = new OrderedDictionary<string, object?>(count);
        for (; count > 0; count--)
            attributes[Text(ref at)] = Value(ref at);
        return attributes;
    }

    object? Value(ref int at)
    {
        switch ((ValueTag)block.Rest[at++])
        {
            case ValueTag.Text: return Text(ref at);
            case ValueTag.False: return false;
            case ValueTag.True: return true;
            case ValueTag.Int: return block.ZigZag(ref at);
            case ValueTag.Double:
                at += 8;
                return BinaryPrimitives.ReadDoubleLittleEndian(block.Rest[(at - 8)..]);
            case ValueTag.Bytes:
                var length = Number(ref at);
                at += length;
                return block.Rest.Slice(at - length, length).ToArray();
            case ValueTag.Array:
                var values = new object?[Number(ref at)];
                for (var i = 0; i < values.Length; i++)
                    values[i] = Value(ref at);
                return values;
            case ValueTag.Map: return Attributes(ref at);
            default: return null;
        }
    }

    string Text(ref int at) => Text(Number(ref at));

    int Number(ref int at) => (int)block.Varint(ref at);
}
