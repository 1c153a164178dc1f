using System.Diagnostics;
using Agent.Configuration;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>
/// What is between the spans and the exporter for OTLP: the specification's batch processor, with spans written as they will be sent when they end, where
/// all of it is at hand. The SDK's keeps the activities until a batch is full (agent/decisions/0034).
/// </summary>
sealed class OtlpQueue : BaseProcessor<Activity>
{
    readonly OtlpSender _sender;
    readonly ExportCount _count;
    readonly CancellationTokenSource _ending;
    readonly BatchSettings _settings;
    readonly bool _takesAll;
    readonly Thread _thread;

    // Below: with the lock only.
    readonly object _gate = new(); // which can be waited on
    readonly Queue<OtlpBatch> _full = [];
    OtlpBatch _current = new();
    OtlpBatch? _spare;
    bool _isShutDown;
    long _begun, _done; // batches that are full, and those that have been sent or given up
    int _queued; // also read without
    long _dropped;

    /// <param name="sender">What sends.</param>
    /// <param name="count">What is counted.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ending">Cancelled before the last spans are sent.</param>
    public OtlpQueue(OtlpSender sender, ExportCount count, Settings settings, CancellationTokenSource ending)
    {
        _sender = sender;
        _count = count;
        _ending = ending;
        _settings = settings.Batch;
        _takesAll = settings.AppSdk == AppSdkMode.Separate; // as CountedBatch does
        count.QueueFull = () => Interlocked.Read(ref _dropped);
        _thread = new Thread(Run) { Name = "Agent export", IsBackground = true };
        _thread.UnsafeStart();
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (!data.Recorded && !_takesAll)
            return;
        _count.Produce(data);
        if (Volatile.Read(ref _queued) >= _settings.QueueSize)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        try
        {
            var buffer = _sender.Encoding.Span(data, out var length);
            Add(data.Source, buffer.AsSpan(0, length));
            OtlpEncoding.Return(buffer);
        }
        catch (Exception e)
        {
            _count.Lose(data, e);
        }
    }

    void Add(ActivitySource source, ReadOnlySpan<byte> span)
    {
        lock (_gate)
        {
            _current.Add(source, span);
            _queued++;
            if (_current.Spans < _settings.BatchSize)
                return;
            Close();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What is current is to be sent.</summary>
    void Close()
    {
        _full.Enqueue(_current);
        _begun++;
        _current = _spare ?? new OtlpBatch();
        _spare = null;
    }

    void Run()
    {
        while (Next() is { } batch)
        {
            _sender.Send(batch, ParentProvider);
            lock (_gate)
            {
                batch.Clear();
                _spare = batch;
                _done++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for a batch that is full, or until it is time for one that is not; null at the end.</summary>
    OtlpBatch? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_full.Count == 0 && !_isShutDown)
                    Monitor.Wait(_gate, _settings.Delay);
                if (_full.Count == 0 && _current.Spans > 0)
                    Close();
                if (_full.TryDequeue(out var batch))
                {
                    _queued -= batch.Spans;
                    return batch;
                }
                if (_isShutDown)
                    return null;
            }
        }
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var started = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            if (_current.Spans > 0)
                Close();
            var last = _begun;
            Monitor.PulseAll(_gate);
            while (_done < last)
            {
                var left = timeoutMilliseconds < 0 ? Timeout.Infinite : timeoutMilliseconds - (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if ((timeoutMilliseconds >= 0 && left <= 0) || !Monitor.Wait(_gate, left))
                    return false;
            }
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _ending.Cancel();
        lock (_gate)
        {
            _isShutDown = true;
            Monitor.PulseAll(_gate);
        }
        var hasEnded = _thread.Join(timeoutMilliseconds);
        return _sender.Shutdown(timeoutMilliseconds) && hasEnded;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ending.Dispose();
            _sender.Dispose();
        }
        base.Dispose(disposing);
    }
}
