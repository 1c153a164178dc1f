namespace Agent.Viewer.Storage;

/// <summary>Keeps traces, within a bound, and finds them. All members are thread-safe.</summary>
public sealed class TraceStore : ISpanSink
{
    // A stand-in that keeps what it gets as it is.
    readonly Lock _lock = new();
    readonly OrderedDictionary<string, List<ReceivedSpan>> _traces = [];

    /// <summary>Raised after spans were taken, with them, on the thread that brought them; possibly on several at once.</summary>
    public event Action<IReadOnlyList<ReceivedSpan>>? Received;

    /// <summary>Rises whenever spans were taken or traces let go.</summary>
    public long Version { get; private set; }

    /// <summary>What is held and what was let go.</summary>
    public StoreState State
    {
        get
        {
            lock (_lock)
            {
                return new()
                {
                    Traces = _traces.Count, Spans = _traces.Values.Sum(trace => trace.Count), Bytes = 0, MaxBytes = 256 << 20, Accepted = 0, Repeated = 0, Rejected = 0, Cut = 0,
                    DroppedTraces = 0, DroppedUntilUnixNano = null,
                };
            }
        }
    }

    /// <summary>Takes an <c>ExportTraceServiceRequest</c> of OTLP.</summary>
    /// <exception cref="InvalidDataException">It is no such message; nothing of it was taken.</exception>
    public AcceptedSpans Add(ReadOnlyMemory<byte> request)
    {
        var spans = SpanDecoder.Decode(request);
        lock (_lock)
        {
            Version++;
            foreach (var span in spans)
            {
                if (!_traces.TryGetValue(span.TraceId, out var trace))
                    _traces.Add(span.TraceId, trace = []);
                trace.Add(span);
            }
        }

        Received?.Invoke(spans);
        return new AcceptedSpans(spans.Count, 0, "");
    }

    /// <summary>The whole trace; null if it is not here (any more).</summary>
    /// <param name="traceId">32 hexadecimal digits, upper or lower case; fewer if it begins with zeros.</param>
    public Trace? Find(string traceId)
    {
        lock (_lock)
            return _traces.TryGetValue(traceId, out var spans) ? new Trace(spans) : null;
    }

    /// <summary>The traces that a query asks for.</summary>
    public FoundTraces Find(TraceQuery query)
    {
        lock (_lock)
        {
            List<TraceSummary> all = [.. _traces.Select((pair, i) => Summary(pair.Value, i)).Reverse()];
            return new([.. all.Skip(query.Skip).Take(query.Limit)], all.Count);
        }
    }

    /// <summary>The names of all services that have sent spans, sorted.</summary>
    public IReadOnlyList<string> Services()
    {
        lock (_lock)
            return [.. _traces.Values.SelectMany(spans => spans).Select(SpanDetails.Service).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of a service's spans with their kinds, sorted.</summary>
    public IReadOnlyList<Operation> Operations(string service)
    {
        lock (_lock)
        {
            return [.. _traces.Values.SelectMany(spans => spans).Where(span => SpanDetails.Service(span) == service)
                .Select(span => new Operation(span.Name, span.Kind)).Distinct().OrderBy(o => o.Name, StringComparer.Ordinal).ThenBy(o => o.Kind)];
        }
    }

    /// <summary>The names of all attributes that spans have, sorted.</summary>
    public IReadOnlyList<string> AttributeNames()
    {
        lock (_lock)
            return [.. _traces.Values.SelectMany(spans => spans).SelectMany(span => span.Attributes.Keys).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Roots of the same name at the same service, counted; the most frequent first. Skip, Limit and Order of the query do not count.</summary>
    public IReadOnlyList<Route> Routes(TraceQuery query) =>
        [.. Find(query with { Skip = 0, Limit = int.MaxValue }).Traces.GroupBy(trace => (trace.Service, trace.Root.Name, trace.Root.Kind)).Select(group =>
        {
            ulong[] durations = [.. group.Select(trace => trace.Root.DurationNano).Order()];
            return new Route(group.Key.Service, group.Key.Name, group.Key.Kind, durations.Length, group.Count(trace => trace.Root.StatusCode == SpanStatusCode.Error),
                durations[durations.Length / 2], durations[durations.Length * 9 / 10], durations[durations.Length * 99 / 100], group.Max(trace => trace.StartUnixNano));
        })];

    /// <summary>Who called whom in the traces that started in this time.</summary>
    public IReadOnlyList<Dependency> Dependencies(ulong? from = null, ulong? to = null)
    {
        lock (_lock)
        {
            var calls = new List<(string Parent, string Child, ReceivedSpan Span)>();
            foreach (var spans in _traces.Values.Where(spans => spans[0].StartUnixNano >= (from ?? 0) && spans[0].StartUnixNano < (to ?? ulong.MaxValue)))
            {
                calls.AddRange(new Trace(spans).Nodes.Where(node => node.Parent is { } parent && SpanDetails.Service(parent.Span) != SpanDetails.Service(node.Span))
                    .Select(node => (SpanDetails.Service(node.Parent!.Span), SpanDetails.Service(node.Span), node.Span)));
            }

            return [.. calls.GroupBy(call => (call.Parent, call.Child)).Select(group => new Dependency(group.Key.Parent, group.Key.Child, group.Count(),
                group.Count(call => call.Span.StatusCode == SpanStatusCode.Error), group.Select(call => call.Span.DurationNano).Order().ElementAt(group.Count() / 2)))];
        }
    }

    static TraceSummary Summary(List<ReceivedSpan> spans, long number)
    {
        var trace = new Trace(spans);
        return new()
        {
            TraceId = trace.TraceId,
            Number = number,
            Root = trace.Roots[0].Span,
            StartUnixNano = trace.StartUnixNano,
            EndUnixNano = trace.EndUnixNano,
            SpanCount = spans.Count,
            ErrorCount = spans.Count(span => span.StatusCode == SpanStatusCode.Error),
            OrphanCount = trace.OrphanCount,
            Services = [.. spans.GroupBy(SpanDetails.Service).Select(group => new ServiceSpans(group.Key, group.Count(), group.Count(span => span.StatusCode == SpanStatusCode.Error)))],
        };
    }
}
