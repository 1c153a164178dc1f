using System.Buffers.Binary;
using System.Numerics;

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

    const int LeastSpans = 512;
    const int LeastBytes = 64 << 10;

    readonly List<(int Start, int Length, int ServiceName)> _resources = [];
    readonly List<Scope> _scopes = [];
    // Where one with this content may be; what was retracted may still be named here, so the content is compared.
    readonly Dictionary<ulong, int> _resourceByHash = [];
    readonly Dictionary<(ulong, int, int, int), int> _scopeByHash = [];
    SpanHead[] _heads = new SpanHead[LeastSpans];
    byte[] _rest = new byte[LeastBytes];
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

    public long Bytes => _rest.Length + 64L * _heads.Length + Texts.Bytes + SourceBytes + 500;

    public bool IsFull => Count >= EnoughSpans || _length + 64L * Count + Texts.Bytes + SourceBytes >= EnoughBytes;

    long SourceBytes => 50L * _resources.Count + 70L * _scopes.Count;

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
        var hash = StringTable.LongHash(written);
        if (_resourceByHash.TryGetValue(hash, out var known) && known < _resources.Count && _resources[known] is var other && written.SequenceEqual(_rest.AsSpan(other.Start, other.Length)))
        {
            _length = start;
            return known;
        }

        _resources.Add((start, written.Length, serviceName));
        return _resourceByHash[hash] = _resources.Count - 1;
    }

    /// <summary>Ends a scope, likewise.</summary>
    public int AddScope(int resource, int name, int version, int start)
    {
        var written = _rest.AsSpan(start, _length - start);
        var key = (StringTable.LongHash(written), resource, name, version);
        if (_scopeByHash.TryGetValue(key, out var known) && known < _scopes.Count && _scopes[known] is var scope
            && scope.Resource == resource && scope.Name == name && scope.Version == version && written.SequenceEqual(_rest.AsSpan(scope.Start, scope.Length)))
        {
            _length = start;
            return known;
        }

        _scopes.Add(new Scope(resource, name, version, start, written.Length));
        return _scopeByHash[key] = _scopes.Count - 1;
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

    /// <summary>How far it is written, for <see cref="Retract"/>.</summary>
    public Mark End => new(_length, _resources.Count, _scopes.Count, Texts.Count);

    /// <summary>
    /// Forgets what has been written since <see cref="Publish"/>, and gives back the memory that it took: however much is sent in vain, it
    /// must not push out what is held.
    /// </summary>
    /// <param name="end">Where the block ended then.</param>
    public void Retract(Mark end)
    {
        _count = Count;
        (_length, var resources, var scopes, var texts) = end;
        _resources.RemoveRange(resources, _resources.Count - resources);
        _scopes.RemoveRange(scopes, _scopes.Count - scopes);
        Texts.Cut(texts);
        Rehash();
        if (_rest.Length > LeastBytes && _rest.Length > 4L * _length)
            Array.Resize(ref _rest, Math.Max(LeastBytes, 2 * _length));
        if (_heads.Length > LeastSpans && _heads.Length > 4L * _count)
            Array.Resize(ref _heads, Math.Max(LeastSpans, (int)BitOperations.RoundUpToPowerOf2((uint)_count)));
    }

    // What was retracted goes out of the dictionaries once it is most of them.
    void Rehash()
    {
        if (_resourceByHash.Count > 2 * _resources.Count + 100)
        {
            _resourceByHash.Clear();
            _resourceByHash.TrimExcess();
            for (var i = 0; i < _resources.Count; i++)
                _resourceByHash[StringTable.LongHash(_rest.AsSpan(_resources[i].Start, _resources[i].Length))] = i;
        }

        if (_scopeByHash.Count > 2 * _scopes.Count + 100)
        {
            _scopeByHash.Clear();
            _scopeByHash.TrimExcess();
            for (var i = 0; i < _scopes.Count; i++)
                _scopeByHash[(StringTable.LongHash(_rest.AsSpan(_scopes[i].Start, _scopes[i].Length)), _scopes[i].Resource, _scopes[i].Name, _scopes[i].Version)] = i;
        }
    }

    /// <summary>Gives back the memory that further spans would take: there will be none.</summary>
    public void Seal()
    {
        Array.Resize(ref _heads, _count);
        Array.Resize(ref _rest, _length);
        Texts.Trim();
        _resourceByHash.Clear();
        _scopeByHash.Clear();
        _resourceByHash.TrimExcess();
        _scopeByHash.TrimExcess();
    }

    void Grow(int count) => Array.Resize(ref _rest, Math.Max(_rest.Length * 2, checked(_length + count)));

    /// <summary>Where a block ends.</summary>
    /// <param name="Position">The next byte.</param>
    /// <param name="Resources">How many processes.</param>
    /// <param name="Scopes">How many sources.</param>
    /// <param name="Texts">How many texts.</param>
    public readonly record struct Mark(int Position, int Resources, int Scopes, int Texts);

    /// <summary>A source of spans.</summary>
    /// <param name="Resource">The index of its process.</param>
    /// <param name="Name">Its name's number.</param>
    /// <param name="Version">Its version's number.</param>
    /// <param name="Start">Where its attributes stand.</param>
    /// <param name="Length">How many bytes they take.</param>
    public readonly record struct Scope(int Resource, int Name, int Version, int Start, int Length);
}
