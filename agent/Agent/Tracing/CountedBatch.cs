using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>
/// The queue before an exporter, which counts what goes in and what finds no room. Its last eighth is for what tells most: the spans that requests and jobs
/// begin with, which end last, and errors. It also takes spans without the mark «sampled» where the agent's sampler does not set it (<see cref="SeparateSampler"/>).
/// </summary>
sealed class CountedBatch : BatchActivityExportProcessor
{
    readonly ExportCount _count;
    readonly bool _takesAll;
    readonly CancellationTokenSource? _ending;
    readonly int _room;
    long _leftOut;

    /// <param name="exporter">What sends.</param>
    /// <param name="count">What is counted.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ending">Cancelled before the last spans are sent.</param>
    public CountedBatch(BaseExporter<Activity> exporter, ExportCount count, Settings settings, CancellationTokenSource? ending = null)
        : base(new CountingExporter(exporter, count, settings.Batch.QueueSize), settings.Batch.QueueSize, settings.Batch.Delay, settings.Batch.Timeout, settings.Batch.BatchSize)
    {
        _count = count;
        _ending = ending;
        _takesAll = settings.AppSdk == AppSdkMode.Separate;
        _room = settings.Batch.QueueSize - settings.Batch.QueueSize / 8;
        count.QueueFull = () => SdkInternals<Activity>.DroppedCount(this) + Interlocked.Read(ref _leftOut);
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (_takesAll)
            OnExport(data);
        else
            base.OnEnd(data);
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _ending?.Cancel();
        return base.OnShutdown(timeoutMilliseconds);
    }

    /// <inheritdoc/>
    protected override void OnExport(Activity data)
    {
        _count.Produce(data);
        if (Waiting >= _room && !TellsMost(data))
            Interlocked.Increment(ref _leftOut);
        else
            base.OnExport(data);
    }

    long Waiting => SdkInternals<Activity>.ReceivedCount(this) - SdkInternals<Activity>.DroppedCount(this) - SdkInternals<Activity>.ProcessedCount(this);

    static bool TellsMost(Activity span) => span.Status == ActivityStatusCode.Error || span.HasRemoteParent || span.Parent is null && span.ParentSpanId == default;
}
