using System.Diagnostics;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>Hands a batch of activities and records to an exporter of OpenTelemetry's, which knows only activities.</summary>
/// <param name="exporter">What sends activities.</param>
/// <param name="records">What writes records into its requests; null where there are none.</param>
/// <param name="close">Closes its connection, which the exporter itself leaves open.</param>
sealed class SpanExporter(BaseExporter<Activity> exporter, OtlpRecords? records = null, Action? close = null) : BaseExporter<object>
{
    readonly List<SpanRecord> _records = [];
    Activity[] _activities = new Activity[64];

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<object> batch)
    {
        if (exporter.ParentProvider is null && ParentProvider is not null)
            SdkInternals<Activity>.SetParentProvider(exporter, ParentProvider);
        var count = 0;
        foreach (var span in batch)
        {
            if (span is SpanRecord record)
            {
                _records.Add(record);
                continue;
            }
            if (count == _activities.Length)
                Array.Resize(ref _activities, count * 2);
            _activities[count++] = (Activity)span;
        }
        try
        {
            var activities = new Batch<Activity>(_activities, count);
            return _records.Count == 0 ? exporter.Export(activities) : records!.Export(activities, _records);
        }
        finally
        {
            Array.Clear(_activities, 0, count);
            _records.Clear();
        }
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => exporter.ForceFlush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            exporter.Dispose();
            close?.Invoke();
        }
        base.Dispose(disposing);
    }
}
