using System.Diagnostics;
using Agent.Configuration;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>The queue before an exporter, which counts what goes in and what finds no room.</summary>
sealed class CountedBatch : BatchActivityExportProcessor
{
    readonly ExportCount _count;

    public CountedBatch(BaseExporter<Activity> exporter, ExportCount count, BatchSettings settings)
        : base(new CountingExporter(exporter, count), settings.QueueSize, settings.Delay, settings.Timeout, settings.BatchSize)
    {
        _count = count;
        count.QueueFull = () => SdkInternals<Activity>.DroppedCount(this);
    }

    /// <inheritdoc/>
    protected override void OnExport(Activity data)
    {
        _count.Produce(data);
        base.OnExport(data);
    }
}
