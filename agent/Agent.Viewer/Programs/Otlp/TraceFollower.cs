using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Programs.Otlp;

/// <summary>
/// Hands out traces when they are finished, from its making to its disposal. Whoever delivers spans to the store only puts them into a
/// queue here; what a slow reader does not take in time is left out, counted and said.
/// </summary>
sealed class TraceFollower : IDisposable
{
    // In each of the two queues.
    const int MaxWaitingSpans = 10_000;

    readonly TraceStore _store;
    readonly TraceAssembler _assembler;
    readonly Channel<IReadOnlyList<ReceivedSpan>> _spans = Channel.CreateUnbounded<IReadOnlyList<ReceivedSpan>>();
    readonly Channel<Trace?> _traces = Channel.CreateUnbounded<Trace?>();
    int _waitingSpans;
    int _waitingTraceSpans;
    int _leftOutTraces;
    int _leftOutSpans;

    public TraceFollower(TraceStore store)
    {
        _store = store;
        _assembler = new TraceAssembler(Finish);
        _store.Received += Take;
        _ = AssembleAsync();
    }

    /// <summary>Traces as they are finished; one that gets more spans later comes again, as a whole.</summary>
    public async IAsyncEnumerable<FollowedTrace> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var trace in _traces.Reader.ReadAllAsync(cancellation))
        {
            if (trace is not null)
            {
                yield return new(trace, 0, 0);
                Interlocked.Add(ref _waitingTraceSpans, -trace.Nodes.Count);
            }
            else
            {
                var (traces, spans) = (Interlocked.Exchange(ref _leftOutTraces, 0), Interlocked.Exchange(ref _leftOutSpans, 0));
                if (traces > 0 || spans > 0)
                    yield return new(null, traces, spans);
            }
        }
    }

    public void Dispose()
    {
        _store.Received -= Take;
        _spans.Writer.TryComplete();
        _traces.Writer.TryComplete();
        _assembler.Dispose();
    }

    void Take(IReadOnlyList<ReceivedSpan> spans)
    {
        if (IsRoom(ref _waitingSpans, spans.Count))
            _spans.Writer.TryWrite(spans);
        else
            LeaveOut(ref _leftOutSpans, spans.Count);
    }

    async Task AssembleAsync()
    {
        await foreach (var spans in _spans.Reader.ReadAllAsync())
        {
            _assembler.Add(spans);
            Interlocked.Add(ref _waitingSpans, -spans.Count);
        }
    }

    void Finish(AssembledTrace finished)
    {
        if (IsRoom(ref _waitingTraceSpans, finished.Trace.Nodes.Count))
            _traces.Writer.TryWrite(finished.Trace);
        else
            LeaveOut(ref _leftOutTraces, 1);
    }

    static bool IsRoom(ref int waiting, int count)
    {
        // What is larger than the queue comes through an empty one.
        if (Interlocked.Add(ref waiting, count) is var now && (now <= MaxWaitingSpans || now == count))
            return true;
        Interlocked.Add(ref waiting, -count);
        return false;
    }

    void LeaveOut(ref int leftOut, int count)
    {
        // The first one says that there is something to say; the reader takes the count when it comes there.
        if (Interlocked.Add(ref leftOut, count) == count)
            _traces.Writer.TryWrite(null);
    }
}
