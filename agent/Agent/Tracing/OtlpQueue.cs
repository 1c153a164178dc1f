using System.Diagnostics;
using Agent.Configuration;
using Agent.Diagnosis;
using OpenTelemetry;

namespace Agent.Tracing;

/// <summary>
/// What is between the spans and the exporter for OTLP: the specification's batch processor, with spans written as they will be sent soon after their
/// end, where all of it is at hand. The SDK's keeps the activities until a batch is full (agent/decisions/0034).
/// </summary>
sealed class OtlpQueue : BaseProcessor<Activity>
{
    readonly OtlpSender _sender;
    readonly ExportCount _count;
    readonly CancellationTokenSource _ending;
    readonly BatchSettings _settings;
    readonly bool _takesAll;
    readonly Thread _thread;

    /// <summary>
    /// The last spans that have ended; each makes room for a new one. Some libraries end a span and then say that it has failed.
    /// </summary>
    readonly Activity?[] _recent;
    int _lastRecent;

    long _queued, _dropped;

    // Below: with the lock only.
    readonly object _gate = new(); // which can be waited on
    readonly Queue<OtlpBatch> _full = [];
    OtlpBatch _current = new();
    OtlpBatch? _spare;
    bool _isShutDown;
    long _begun, _done; // batches that are full, and those that have been sent or given up

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
        const int most = 128; // few enough to stay in the processor's cache
        _recent = new Activity?[Math.Min(most, _settings.BatchSize / 4)];
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
        if (Interlocked.Read(ref _queued) >= _settings.QueueSize)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        Interlocked.Increment(ref _queued);
        if (_recent.Length == 0)
            Write(data);
        else if (Interlocked.Exchange(ref _recent[(uint)Interlocked.Increment(ref _lastRecent) % _recent.Length], data) is { } older)
            Write(older);
    }

    void Write(Activity span)
    {
        try
        {
            var buffer = _sender.Encoding.Span(span, out var length);
            Add(span.Source, buffer.AsSpan(0, length));
            OtlpEncoding.Return(buffer);
        }
        catch (Exception e)
        {
            Interlocked.Decrement(ref _queued);
            _count.Lose(span, e);
        }
    }

    void WriteRecent()
    {
        var last = (uint)Volatile.Read(ref _lastRecent);
        for (var i = 1u; i <= _recent.Length; i++) // the oldest first
        {
            if (Interlocked.Exchange(ref _recent[(last + i) % _recent.Length], null) is { } span)
                Write(span);
        }
    }

    void Add(ActivitySource source, ReadOnlySpan<byte> span)
    {
        lock (_gate)
        {
            _current.Add(source, span);
            if (_current.Spans < _settings.BatchSize)
                return;
            CloseCurrent();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What there is, is to be sent.</summary>
    void CloseCurrent()
    {
        if (_current.Spans == 0)
            return;
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
        while (true)
        {
            bool isLast;
            lock (_gate)
            {
                if (_full.Count == 0 && !_isShutDown)
                    Monitor.Wait(_gate, _settings.Delay);
                if (Taken() is { } full)
                    return full;
                isLast = _isShutDown;
            }
            WriteRecent();
            lock (_gate)
            {
                CloseCurrent();
                if (Taken() is { } batch)
                    return batch;
            }
            if (isLast)
                return null;
        }
    }

    OtlpBatch? Taken()
    {
        if (_full.TryDequeue(out var batch))
            Interlocked.Add(ref _queued, -batch.Spans);
        return batch;
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var started = Stopwatch.GetTimestamp();
        WriteRecent();
        lock (_gate)
        {
            CloseCurrent();
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
