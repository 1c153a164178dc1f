using System.Diagnostics;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Sends spans without the mark «sampled», too (<see cref="SeparateSampler"/>).</summary>
sealed class SeparateExport(BaseExporter<Activity> exporter, int queueSize, int delay, int timeout, int batchSize)
    : BatchExportProcessor<Activity>(exporter, queueSize, delay, timeout, batchSize)
{
    public override void OnEnd(Activity data) => OnExport(data);
}
