using Agent.Viewer.Storage;

namespace Agent.Viewer.Otlp;

/// <summary>Reads requests for those who do not store them.</summary>
static class OtlpSpans
{
    /// <summary>The spans of an <c>ExportTraceServiceRequest</c>, and what became of those that are not among them.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static (IReadOnlyList<ReceivedSpan> Spans, AcceptedSpans Result) Read(ReadOnlySpan<byte> request)
    {
        var block = new Block(0);
        var decoder = new OtlpDecoder(block);
        decoder.Decode(request);
        var reader = new BlockReader(block);
        return ([.. decoder.TraceIds.Select((id, i) => reader.Read(i, id))], decoder.Result());
    }
}
