using System.Buffers.Binary;
using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>Spans as they will be sent, by their sources. Not safe for several threads.</summary>
sealed class OtlpBatch
{
    const int MostScopes = 32;

    readonly List<Scope> _scopes = [];

    /// <summary>How many there are.</summary>
    public int Spans { get; private set; }

    /// <summary>Adds one.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="span">As <see cref="OtlpEncoding.Span"/> gives it.</param>
    public void Add(ActivitySource source, ReadOnlySpan<byte> span)
    {
        Spans++;
        foreach (var scope in _scopes)
        {
            if (scope.Source == source)
            {
                scope.Add(span);
                return;
            }
        }
        var added = new Scope(source);
        added.Add(span);
        _scopes.Add(added);
    }

    /// <summary>To be used once more; the memory stays.</summary>
    public void Clear()
    {
        Spans = 0;
        if (_scopes.Count > MostScopes)
            _scopes.Clear(); // an app that makes sources again and again
        foreach (var scope in _scopes)
            scope.Length = 0;
    }

    /// <summary>Writes an ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1).</summary>
    /// <param name="request">Where to; replaced if it is too small.</param>
    /// <param name="position">Where it begins.</param>
    /// <param name="resource">As <see cref="OtlpEncoding.Resource"/> writes it.</param>
    /// <param name="encoding">Writes the scopes.</param>
    /// <returns>The position behind it.</returns>
    public int Write(ref byte[] request, int position, ReadOnlySpan<byte> resource, OtlpEncoding encoding)
    {
        const int lengths = 2 * 6; // a byte for the field and five for the length, of ResourceSpans and of each scope
        var size = position + lengths + resource.Length;
        foreach (var scope in _scopes)
        {
            if (scope.Length > 0)
                size += lengths + scope.Header(encoding).Length + scope.Length;
        }
        if (request.Length < size)
            request = new byte[size];
        var start = Field(request, ref position, number: 1); // TracesData.resource_spans
        resource.CopyTo(request.AsSpan(position));
        position += resource.Length;
        foreach (var scope in _scopes)
        {
            if (scope.Length == 0)
                continue;
            var scopeStart = Field(request, ref position, number: 2); // ResourceSpans.scope_spans
            scope.Header(encoding).CopyTo(request.AsSpan(position));
            position += scope.Header(encoding).Length;
            scope.Spans.CopyTo(request.AsSpan(position));
            position += scope.Length;
            Length(request, scopeStart, position);
        }
        Length(request, start, position);
        return position;
    }

    /// <summary>Begins a field of a length that is not yet known, for which there is room for five bytes.</summary>
    static int Field(byte[] request, ref int position, int number)
    {
        request[position] = (byte)((number << 3) | 2);
        position += 6;
        return position;
    }

    /// <summary>A varint may have more bytes than it needs.</summary>
    static void Length(byte[] request, int start, int end)
    {
        var length = (uint)(end - start);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(start - 5), (length & 0x7F) | ((length << 1) & 0x7F00) | ((length << 2) & 0x7F0000) | ((length << 3) & 0x7F000000) | 0x80808080);
        request[start - 1] = (byte)(length >> 28);
    }

    sealed class Scope(ActivitySource source)
    {
        byte[] _spans = new byte[4096];
        byte[]? _header;

        public ActivitySource Source => source;

        public int Length { get; set; }

        public ReadOnlySpan<byte> Spans => _spans.AsSpan(0, Length);

        public void Add(ReadOnlySpan<byte> span)
        {
            var length = Length + span.Length;
            if (length > _spans.Length)
                Array.Resize(ref _spans, Math.Max(length, _spans.Length * 2));
            span.CopyTo(_spans.AsSpan(Length));
            Length = length;
        }

        public byte[] Header(OtlpEncoding encoding) => _header ??= encoding.Scope(source);
    }
}
