using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Counts what another exporter has sent and what it could not send.</summary>
sealed class CountingExporter(BaseExporter<Activity> exporter, ExportCount count) : BaseExporter<Activity>
{
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
        }
        return result;
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
