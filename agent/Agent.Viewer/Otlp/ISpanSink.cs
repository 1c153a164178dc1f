using Agent.Viewer.Storage;

namespace Agent.Viewer.Otlp;

/// <summary>Where requests of OTLP are delivered, whatever protocol they came with.</summary>
interface ISpanSink
{
    /// <summary>Takes an <c>ExportTraceServiceRequest</c>; its bytes are free for other use afterwards.</summary>
    /// <exception cref="InvalidDataException">It is no such message; nothing of it was taken.</exception>
    AcceptedSpans Add(ReadOnlyMemory<byte> request);
}
