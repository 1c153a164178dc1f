namespace Agent.Viewer;

/// <summary>
/// Collects spans until their trace looks finished, then hands the trace out. A trace that gets more spans later is handed out again, as a
/// whole, so that one always reads a complete tree. Thread-safe; traces are handed out one after the other, never two at once.
/// </summary>
public sealed class TraceAssembler : IDisposable
{
    const long NoAlarm = long.MaxValue;
    readonly Action<AssembledTrace> _handOut;
    readonly TraceAssemblerOptions _options;
    readonly TimeProvider _time;
    readonly ITimer _timer;
    readonly Lock _lock = new();
    readonly Lock _handOutLock = new();
    readonly Dictionary<string, Entry> _traces = [];
    readonly HashSet<Entry> _waiting = [];
    long _alarm = NoAlarm;
    int _spanCount;

    /// <summary>Starts empty.</summary>
    /// <param name="handOut">Gets each trace; called on a timer's thread or on that of <see cref="Add"/> or <see cref="Complete"/>.</param>
    /// <param name="options">Times and limits; null for the usual ones.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public TraceAssembler(Action<AssembledTrace> handOut, TraceAssemblerOptions? options = null, TimeProvider? time = null)
    {
        (_handOut, _options, _time) = (handOut, options ?? new TraceAssemblerOptions(), time ?? TimeProvider.System);
        _timer = _time.CreateTimer(_ => HandOut(TakeDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes spans of any traces. A span id that its trace has already is a repeated export and ignored.</summary>
    public void Add(IReadOnlyList<ReceivedSpan> spans)
    {
        bool isFull;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            foreach (var span in spans)
            {
                if (!_traces.TryGetValue(span.TraceId, out var trace))
                    _traces.Add(span.TraceId, trace = new Entry());
                if (!trace.Spans.TryAdd(span.SpanId, span))
                    continue;
                _spanCount++;
                trace.LastNews = now;
                trace.Due = After(now, _options.QuietTime);
                _waiting.Add(trace);
            }

            SetAlarm(now);
            isFull = _spanCount > _options.SpanCapacity;
        }

        if (isFull)
            HandOut(TakeOverflow);
    }

    /// <summary>Hands out everything that still waits: nothing more will come.</summary>
    public void Complete() => HandOut(() => Take([.. _waiting]));

    /// <summary>Stops the clock; what still waits is dropped.</summary>
    public void Dispose() => _timer.Dispose();

    void HandOut(Func<IEnumerable<AssembledTrace>> take)
    {
        // Taken and handed out under one lock, so that a trace's continuation cannot overtake its first part; outside of the other lock,
        // so that spans can be added while a slow terminal prints.
        lock (_handOutLock)
        {
            IEnumerable<AssembledTrace> traces;
            lock (_lock)
                traces = take();
            foreach (var trace in traces.OrderBy(trace => trace.Trace.StartUnixNano))
                _handOut(trace);
        }
    }

    List<AssembledTrace> TakeDue()
    {
        var now = _time.GetTimestamp();
        var ready = new List<Entry>();
        foreach (var trace in _waiting.Where(trace => trace.Due <= now))
        {
            // Looked at only now, after the quiet time: while spans keep coming, a trace costs nothing.
            var giveUp = After(trace.LastNews, _options.GiveUpTime);
            if (giveUp <= now || new Trace(trace.Spans.Values).OrphanCount == 0)
                ready.Add(trace);
            else
                trace.Due = giveUp;
        }

        var taken = Take(ready);
        _alarm = NoAlarm;
        SetAlarm(now);
        return taken;
    }

    /// <summary>Makes room: forgets traces handed out before, oldest news first; then hands out and forgets waiting ones.</summary>
    List<AssembledTrace> TakeOverflow()
    {
        var taken = new List<AssembledTrace>();
        foreach (var (id, trace) in _traces.OrderBy(pair => _waiting.Contains(pair.Value)).ThenBy(pair => pair.Value.LastNews).ToList())
        {
            // Somewhat more than needed, so that the sorting above is not done for each batch.
            if (_spanCount <= _options.SpanCapacity / 10 * 9)
                break;
            if (_waiting.Contains(trace))
            {
                if (_spanCount <= _options.SpanCapacity)
                    break;
                taken.AddRange(Take([trace]));
            }

            _traces.Remove(id);
            _spanCount -= trace.Spans.Count;
        }

        return taken;
    }

    List<AssembledTrace> Take(List<Entry> traces)
    {
        var taken = new List<AssembledTrace>();
        foreach (var trace in traces)
        {
            taken.Add(new AssembledTrace(new Trace(trace.Spans.Values), trace.WasHandedOut));
            trace.WasHandedOut = true;
            _waiting.Remove(trace);
        }

        return taken;
    }

    // One timer for all traces, set to the earliest moment at which one may be due.
    void SetAlarm(long now)
    {
        var due = _waiting.Count == 0 ? NoAlarm : _waiting.Min(trace => trace.Due);
        if (due >= _alarm)
            return;
        _alarm = due;
        // Whole milliseconds, upwards: the system's timer cuts, and would ring before it is time.
        var milliseconds = Math.Ceiling(_time.GetElapsedTime(now, due).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)), Timeout.InfiniteTimeSpan);
    }

    long After(long timestamp, TimeSpan time) => timestamp + (long)Math.Ceiling(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>What is known of one trace.</summary>
    sealed class Entry
    {
        public OrderedDictionary<string, ReceivedSpan> Spans { get; } = [];

        /// <summary>When the latest span came, as a timestamp of the clock; likewise <see cref="Due"/>, when to look again.</summary>
        public long LastNews { get; set; }

        public long Due { get; set; }

        public bool WasHandedOut { get; set; }
    }
}
