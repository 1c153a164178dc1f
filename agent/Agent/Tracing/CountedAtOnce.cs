using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Hands each span to an exporter as it ends, and counts them.</summary>
sealed class CountedAtOnce(BaseExporter<Activity> exporter, ExportCount count) : SimpleActivityExportProcessor(new CountingExporter(exporter, count))
{
    /// <inheritdoc/>
    protected override void OnExport(Activity data)
    {
        count.Produce(data);
        base.OnExport(data);
    }
}
