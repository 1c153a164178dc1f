namespace Agent.Viewer.Storage;

/// <summary>Finds out which traces a query asks for, block by block.</summary>
sealed class TraceSearch
{
    readonly TraceEntry[] _traces; // by number, without a gap
    readonly bool[] _isCandidate;
    readonly List<(SpanTerm[] Terms, bool IsNegated, bool[] Hits)> _conditions = [];

    /// <param name="query">What is asked.</param>
    /// <param name="traces">All traces, by number.</param>
    /// <param name="rootName">The name of a trace's root.</param>
    public TraceSearch(TraceQuery query, TraceEntry[] traces, Func<TraceEntry, string> rootName)
    {
        _traces = traces;
        _isCandidate = new bool[traces.Length];
        var (onTrace, onSpan) = (query.Filter.Terms.Where(IsOnTrace).ToArray(), query.Filter.Terms.Where(static term => !IsOnTrace(term)).ToArray());
        TextPattern[] patterns = [.. onTrace.Select(static term => new TextPattern(term))];
        double[] numbers = [.. onTrace.Select(static term => term.Number())];
        var from = query.From ?? 0;
        for (var i = 0; i < traces.Length; i++)
        {
            _isCandidate[i] = traces[i].Start >= from && (query.To is not { } to || traces[i].Start < to);
            for (var j = 0; j < onTrace.Length; j++)
                _isCandidate[i] = _isCandidate[i] && Holds(onTrace[j], patterns[j], numbers[j], traces[i], rootName) != onTrace[j].IsNegated;
        }

        if (query.Filter.OnOneSpan && onSpan.Where(static term => !term.IsNegated).ToArray() is { Length: > 0 } together)
        {
            _conditions.Add(([.. together.Select(static term => new SpanTerm(term))], false, new bool[traces.Length]));
            onSpan = [.. onSpan.Where(static term => term.IsNegated)];
        }

        foreach (var term in onSpan)
            _conditions.Add(([new SpanTerm(term)], term.IsNegated, new bool[traces.Length]));
    }

    /// <summary>Looks through a block. Nobody may write into it meanwhile.</summary>
    public void Look(Block block)
    {
        if (_traces.Length == 0)
            return;
        var first = _traces[0].Number;
        foreach (var (terms, _, hits) in _conditions)
        {
            if (!Array.TrueForAll(terms, term => term.Turn(block)))
                continue;
            for (var i = 0; i < block.Count; i++)
            {
                ref var head = ref block[i];
                var trace = head.Trace - first;
                if ((ulong)trace >= (ulong)hits.Length || hits[trace] || !_isCandidate[trace])
                    continue;
                var isHit = true;
                foreach (var term in terms)
                    isHit = isHit && term.Matches(ref head);
                hits[trace] = isHit;
            }
        }
    }

    /// <summary>The traces that fulfil all, by number.</summary>
    public List<TraceEntry> Found()
    {
        var found = new List<TraceEntry>();
        for (var i = 0; i < _traces.Length; i++)
        {
            if (_isCandidate[i] && _conditions.TrueForAll(condition => condition.Hits[i] != condition.IsNegated))
                found.Add(_traces[i]);
        }

        return found;
    }

    static bool IsOnTrace(FilterTerm term) => term.Field is "duration" or "spans" or "errors" or "root" or "trace";

    static bool Holds(FilterTerm term, TextPattern pattern, double number, TraceEntry trace, Func<TraceEntry, string> rootName) => term.Field switch
    {
        "duration" => term.Compares(trace.End - trace.Start, number),
        "spans" => term.Compares(trace.SpanCount, number),
        "errors" => term.Compares(trace.ErrorCount, number),
        "root" => pattern.Matches(rootName(trace)),
        _ => pattern.Matches(SpanIds.Text(trace.Id)),
    };
}
