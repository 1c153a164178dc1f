using System.Diagnostics;

namespace Agent.Diagnosis;

/// <summary>
/// What has become of the spans that one exporter was to get. Once it is shut down, produced = exported + failed + dropped because the queue was
/// full + left over when the time was up.
/// </summary>
/// <param name="exporter">Its name in OTEL_TRACES_EXPORTER.</param>
/// <param name="hears">Whether it also counts spans by their sources, once somebody wants to know; one of several exporters does.</param>
sealed class ExportCount(string exporter, bool hears)
{
    long _produced;
    long _exported;
    long _failed;

    /// <summary>The exporter's name.</summary>
    public string Exporter => exporter;

    /// <summary>Spans that were handed to it.</summary>
    public long Produced => Interlocked.Read(ref _produced);

    /// <summary>Spans that the receiver has taken.</summary>
    public long Exported => Interlocked.Read(ref _exported);

    /// <summary>Spans in requests that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Asks for the spans that the queue had no room for.</summary>
    public Func<long> QueueFull { get; set; } = static () => 0;

    /// <summary>What the receiver or the network said last when something went wrong, and when; null if nothing did.</summary>
    public ExportError? LastError { get; private set; }

    /// <summary>A span ended and is handed to the exporter.</summary>
    public void Produce(Activity span)
    {
        Interlocked.Increment(ref _produced);
        if (hears && AgentStatus.IsWanted)
            AgentStatus.Hear(span.Source.Name);
    }

    /// <summary>A request ended.</summary>
    public void Send(long spans, bool isTaken) => Interlocked.Add(ref isTaken ? ref _exported : ref _failed, spans);

    /// <summary>Something went wrong.</summary>
    public void Fail(string message) => LastError = new(DateTimeOffset.UtcNow, message);
}

/// <summary>Why an export failed.</summary>
sealed record ExportError(DateTimeOffset At, string Message);
