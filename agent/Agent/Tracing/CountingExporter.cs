using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Counts what another exporter has sent and what it could not send, and says when that changes: once, not for every batch.</summary>
sealed class CountingExporter<T>(BaseExporter<T> exporter, ExportCount count, int queueSize = 0) : BaseExporter<T> where T : class
{
    const int MinuteInMs = 60_000;

    bool _isFailing;
    long _droppedSaid;
    long? _droppedSaidAt;

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<T> batch)
    {
        if (exporter.ParentProvider is null && ParentProvider is not null)
            SdkInternals<T>.SetParentProvider(exporter, ParentProvider);
        var spans = batch.Count;
        var result = ExportResult.Failure;
        try
        {
            result = exporter.Export(batch);
        }
        finally
        {
            count.Send(spans, isTaken: result == ExportResult.Success);
            Say(isFailing: result != ExportResult.Success);
            SayDropped(isLast: false);
        }
        return result;
    }

    /// <summary>What the queue had no room for: once a minute at most while it goes on, and at the end.</summary>
    void SayDropped(bool isLast)
    {
        var dropped = count.QueueFull();
        if (dropped == _droppedSaid || !isLast && _droppedSaidAt is { } at && Environment.TickCount64 - at < MinuteInMs)
            return;
        Log.Warn($"{dropped - _droppedSaid} spans were dropped, because {queueSize} were waiting to be sent already ({count.Exporter}, OTEL_BSP_MAX_QUEUE_SIZE).");
        (_droppedSaid, _droppedSaidAt) = (dropped, Environment.TickCount64);
    }

    void Say(bool isFailing)
    {
        if (isFailing == _isFailing)
            return;
        _isFailing = isFailing; // one thread exports at a time
        if (isFailing)
            Log.Warn($"spans cannot be sent ({count.Exporter}): {count.LastError?.Message.TrimEnd('.', '\r', '\n') ?? "the exporter gives no reason"}. They are dropped until they can be; the app goes on.");
        else
            Log.Info($"spans can be sent again ({count.Exporter}).");
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => exporter.ForceFlush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        SayDropped(isLast: true);
        return exporter.Shutdown(timeoutMilliseconds);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            exporter.Dispose();
        base.Dispose(disposing);
    }
}
