using Agent.Viewer.Otlp;
using Agent.Viewer.Storage;

namespace Agent.Viewer;

/// <summary>Where both protocols deliver: keeps the latest spans, counts, and wakes whoever waits for spans. Thread-safe.</summary>
sealed class SpanIntake(int capacity) : ISpanSink
{
    readonly Lock _lock = new();
    readonly Queue<ReceivedSpan> _spans = new();
    IReadOnlyList<ReceivedSpan>? _snapshot;
    TaskCompletionSource? _news;
    bool _closed;
    long _bytes;
    long _requests;

    public event Action<IReadOnlyList<ReceivedSpan>>? Received;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Requests => Interlocked.Read(ref _requests);

    public IReadOnlyList<ReceivedSpan> Spans
    {
        get
        {
            lock (_lock)
                return _snapshot ??= [.. _spans];
        }
    }

    public AcceptedSpans Add(ReadOnlyMemory<byte> request)
    {
        var (batch, result) = OtlpSpans.Read(request.Span);
        TaskCompletionSource? news;
        lock (_lock)
        {
            _bytes += request.Length;
            _requests++;
            foreach (var span in batch)
                _spans.Enqueue(span);
            while (_spans.Count > capacity)
                _spans.Dequeue();
            _snapshot = null;
            (news, _news) = (_news, null);
        }

        news?.SetResult();
        if (batch.Count > 0)
            Received?.Invoke(batch);
        return result;
    }

    public async Task<IReadOnlyList<ReceivedSpan>> WaitForAsync(
        Func<IReadOnlyList<ReceivedSpan>, bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            // Spans and signal are taken together: what arrives after this block completes exactly this signal.
            IReadOnlyList<ReceivedSpan> spans;
            Task news;
            lock (_lock)
            {
                spans = _snapshot ??= [.. _spans];
                news = _closed
                    ? Task.FromException(new ObjectDisposedException(nameof(OtlpReceiver), "The receiver was stopped before the awaited spans came."))
                    : (_news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (condition(spans))
                return spans;
            await news.WaitAsync(cancellation);
        }
    }

    /// <summary>Nothing more will come; those who wait learn it.</summary>
    public void Close()
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            _closed = true;
            (news, _news) = (_news, null);
        }

        news?.SetResult();
    }
}
