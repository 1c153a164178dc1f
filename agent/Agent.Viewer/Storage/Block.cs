using System.Buffers.Binary;

namespace Agent.Viewer.Storage;

/// <summary>
/// Some thousand spans of any traces, in the order of arrival, in a few arrays: heads of one size, a stream of bytes for the rest, each
/// text once. Only grows, and lets go as a whole. One thread writes; what has been <see cref="Publish">published</see> can be read by
/// others meanwhile, but not searched (<see cref="StringTable.Find"/>).
/// </summary>
sealed class Block(long number)
{
    // A block lets go as a whole, so it should be a small part of the memory bound; and be big enough that each text stands there once.
    const int EnoughSpans = 16_384;
    const long EnoughBytes = 3 << 20;

    readonly List<(int Start, int Length, int ServiceName)> _resources = [];
    readonly List<Scope> _scopes = [];
    SpanHead[] _heads = new SpanHead[512];
    byte[] _rest = new byte[64 << 10];
    int _count;
    int _length;

    public long Number { get; } = number;

    public StringTable Texts { get; } = new();

    /// <summary>The last request of the <see cref="TraceJournal"/> that has spans here; 0 without one.</summary>
    public long LastRequest { get; set; }

    /// <summary>How many spans can be read.</summary>
    public int Count { get; private set; }

    /// <summary>How many spans are written, those that are not published yet among them.</summary>
    public int Written => _count;

    public int ScopeCount => _scopes.Count;

    public long Bytes => _rest.Length + 64L * _heads.Length + Texts.Bytes + 500;

    public bool IsFull => Count >= EnoughSpans || _length + 64L * Count + Texts.Bytes >= EnoughBytes;

    public ref SpanHead this[int index] => ref _heads[index];

    public SpanPlace Place(int index) => new(Number, index);

    /// <summary>Where the next byte will stand.</summary>
    public int Position => _length;

    public ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The scope's name, version and resource.</summary>
    public Scope ScopeOf(int index) => _scopes[index];

    public int ServiceNameOf(int scope) => _resources[_scopes[scope].Resource].ServiceName;

    /// <summary>The names of the services that have sent spans.</summary>
    public IEnumerable<int> ServiceNames => _resources.Select(static resource => resource.ServiceName);

    public int ResourceStart(int resource) => _resources[resource].Start;

    /// <summary>Adds a span whose rest begins at <see cref="Position"/>.</summary>
    public ref SpanHead AddSpan()
    {
        if (_count == _heads.Length)
            Array.Resize(ref _heads, _count * 2);
        ref var head = ref _heads[_count++];
        head = new SpanHead { Rest = _length };
        return ref head;
    }

    /// <summary>Takes back the span that was added last.</summary>
    public void RemoveSpan()
    {
        _count--;
        _length = _heads[_count].Rest;
    }

    /// <summary>Ends a resource whose attributes were written from a position on; one that is here already is not kept twice.</summary>
    public int AddResource(int start, int serviceName)
    {
        var written = _rest.AsSpan(start, _length - start);
        for (var i = _resources.Count - 1; i >= 0; i--)
        {
            var (otherStart, length, _) = _resources[i];
            if (length == written.Length && written.SequenceEqual(_rest.AsSpan(otherStart, length)))
            {
                _length = start;
                return i;
            }
        }

        _resources.Add((start, written.Length, serviceName));
        return _resources.Count - 1;
    }

    /// <summary>Ends a scope, likewise.</summary>
    public int AddScope(int resource, int name, int version, int start)
    {
        var written = _rest.AsSpan(start, _length - start);
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            var scope = _scopes[i];
            if (scope.Resource == resource && scope.Name == name && scope.Version == version && scope.Length == written.Length
                && written.SequenceEqual(_rest.AsSpan(scope.Start, scope.Length)))
            {
                _length = start;
                return i;
            }
        }

        _scopes.Add(new Scope(resource, name, version, start, written.Length));
        return _scopes.Count - 1;
    }

    public void Write(byte value)
    {
        if (_length == _rest.Length)
            Grow(1);
        _rest[_length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _rest.Length - _length)
            Grow(bytes.Length);
        bytes.CopyTo(_rest.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Write(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        Write(bytes);
    }

    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Write((byte)(value | 0x80));
        Write((byte)value);
    }

    public void Varint(int value) => Varint((uint)value);

    /// <summary>The number that stands at a position, which moves behind it.</summary>
    public ulong Varint(ref int at)
    {
        var rest = _rest;
        ulong value = rest[at++];
        if (value < 0x80)
            return value;
        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            var part = rest[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    /// <summary>Likewise a number with a sign.</summary>
    public long ZigZag(ref int at)
    {
        var value = Varint(ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Forgets the bytes from a position on.</summary>
    public void Cut(int position) => _length = position;

    /// <summary>What has been written can be read from now on.</summary>
    public void Publish() => Count = _count;

    /// <summary>Forgets what has been written since <see cref="Publish"/>. Resources, scopes and texts may stay: nobody asks for them.</summary>
    public void Retract(int position)
    {
        _count = Count;
        _scopes.RemoveAll(scope => scope.Start >= position);
        _resources.RemoveAll(resource => resource.Start >= position);
        _length = position;
    }

    /// <summary>Gives back the memory that further spans would take: there will be none.</summary>
    public void Seal()
    {
        Array.Resize(ref _heads, _count);
        Array.Resize(ref _rest, _length);
        Texts.Trim();
    }

    void Grow(int count) => Array.Resize(ref _rest, Math.Max(_rest.Length * 2, checked(_length + count)));

    /// <summary>A source of spans.</summary>
    /// <param name="Resource">The index of its process.</param>
    /// <param name="Name">Its name's number.</param>
    /// <param name="Version">Its version's number.</param>
    /// <param name="Start">Where its attributes stand.</param>
    /// <param name="Length">How many bytes they take.</param>
    public readonly record struct Scope(int Resource, int Name, int Version, int Start, int Length);
}
