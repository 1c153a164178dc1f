using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Counts what another exporter has sent and what it could not send, and says when that changes: once, not for every batch.</summary>
sealed class CountingExporter(BaseExporter<Activity> exporter, ExportCount count) : BaseExporter<Activity>
{
    bool _isFailing;

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        if (exporter.ParentProvider is null && ParentProvider is not null)
            SdkInternals<Activity>.SetParentProvider(exporter, ParentProvider);
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
        }
        return result;
    }

    void Say(bool isFailing)
    {
        if (isFailing == _isFailing)
            return;
        _isFailing = isFailing; // one thread exports at a time
        if (isFailing)
            Log.Warn($"spans cannot be sent ({count.Exporter}): {count.LastError?.Message ?? "the exporter gives no reason"}. They are dropped until they can be; the app goes on.");
        else
            Log.Info($"spans can be sent again ({count.Exporter}).");
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => exporter.ForceFlush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            exporter.Dispose();
        base.Dispose(disposing);
    }
}
