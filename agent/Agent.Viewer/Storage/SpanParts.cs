namespace Agent.Viewer.Storage;

/// <summary>What of a span's rest is there, in this order; then come its attributes.</summary>
[Flags]
enum SpanParts : byte
{
    None = 0,
    TraceState = 1,
    StatusMessage = 2,

    /// <summary>How many attributes, events and links the sender or we have dropped.</summary>
    Dropped = 4,

    /// <summary>Behind the attributes.</summary>
    Events = 8,

    /// <summary>Behind the events.</summary>
    Links = 16,
}
