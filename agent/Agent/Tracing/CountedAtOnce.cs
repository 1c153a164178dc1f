using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Hands each span to an exporter as it ends, and counts them.</summary>
sealed class CountedAtOnce(BaseExporter<Activity> exporter, ExportCount count, Settings settings) : SimpleActivityExportProcessor(new CountingExporter<Activity>(exporter, count))
{
    readonly bool _takesAll = settings.AppSdk == AppSdkMode.Separate; // as CountedBatch does

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (_takesAll)
            OnExport(data);
        else
            base.OnEnd(data);
    }

    /// <inheritdoc/>
    protected override void OnExport(Activity data)
    {
        count.Produce(data.Source);
        base.OnExport(data);
    }
}
