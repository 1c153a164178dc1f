using System.Diagnostics;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>
/// The queue before an exporter, which counts what goes in and what finds no room. Its last eighth is for what tells most: the spans that requests and jobs
/// begin with, which end last, and errors. It also takes spans without the mark «sampled» where the agent's sampler does not set it (<see cref="SeparateSampler"/>),
/// and records of spans (<see cref="CurrentSpan.Records"/>).
/// </summary>
sealed class CountedBatch : BaseProcessor<Activity>
{
    readonly ExportCount _count;
    readonly bool _takesAll;
    readonly CancellationTokenSource? _ending;
    readonly CountingExporter<object> _exporter;
    readonly Queue _queue;
    readonly int _room;
    long _leftOut;

    /// <param name="exporter">What sends.</param>
    /// <param name="count">What is counted.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ending">Cancelled before the last spans are sent.</param>
    public CountedBatch(BaseExporter<object> exporter, ExportCount count, Settings settings, CancellationTokenSource? ending = null)
    {
        _count = count;
        _ending = ending;
        _takesAll = settings.AppSdk == AppSdkMode.Separate;
        _exporter = new CountingExporter<object>(exporter, count, settings.Batch.QueueSize);
        _queue = new Queue(_exporter, settings);
        _room = settings.Batch.QueueSize - settings.Batch.QueueSize / 8;
        count.QueueFull = () => SdkInternals<object>.DroppedCount(_queue) + Interlocked.Read(ref _leftOut);
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Recorded || _takesAll)
            Add(data, data.Source, data.Status == ActivityStatusCode.Error || data.HasRemoteParent || data.Parent is null && data.ParentSpanId == default);
    }

    /// <summary>The same for a record, which is never one that a request begins with.</summary>
    public void OnEnd(SpanRecord record) => Add(record, record.Source, record.Status == ActivityStatusCode.Error);

    /// <summary>A provider tells only what is added to it whose it is.</summary>
    void Add(object span, ActivitySource source, bool tellsMost)
    {
        _count.Produce(source);
        if (_exporter.ParentProvider is null && ParentProvider is not null)
            SdkInternals<object>.SetParentProvider(_exporter, ParentProvider);
        if (Waiting >= _room && !tellsMost)
            Interlocked.Increment(ref _leftOut);
        else
            _queue.OnEnd(span);
    }

    long Waiting => SdkInternals<object>.ReceivedCount(_queue) - SdkInternals<object>.DroppedCount(_queue) - SdkInternals<object>.ProcessedCount(_queue);

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => _queue.ForceFlush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _ending?.Cancel();
        return _queue.Shutdown(timeoutMilliseconds);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _queue.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Of activities and records: the SDK's own takes only one kind.</summary>
    sealed class Queue(BaseExporter<object> exporter, Settings settings)
        : BatchExportProcessor<object>(exporter, settings.Batch.QueueSize, settings.Batch.Delay, settings.Batch.Timeout, settings.Batch.BatchSize);
}
