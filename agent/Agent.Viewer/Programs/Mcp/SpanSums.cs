namespace Agent.Viewer.Programs.Mcp;

/// <summary>All spans of some traces that do the same (name, kind, service), with their times in nanoseconds.</summary>
sealed class SpanSums
{
    readonly Dictionary<(string Service, string Name, SpanKind Kind), SpanSums.Entry> _entries = [];

    /// <summary>The ones with the most self time first.</summary>
    public IEnumerable<Entry> BySelfTime => _entries.Values.OrderByDescending(entry => entry.Self).ThenBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>The self time of all.</summary>
    public ulong Self { get; private set; }

    public void Add(Trace trace)
    {
        foreach (var node in trace.Nodes)
        {
            var key = (SpanDetails.Service(node.Span), node.Span.Name, node.Span.Kind);
            if (!_entries.TryGetValue(key, out var entry))
                _entries.Add(key, entry = new Entry(key.Item1, key.Name, key.Kind));
            Self += entry.Add(node);
        }
    }

    /// <summary>The same spans, if there are any.</summary>
    public Entry? Find(Entry other) => _entries.GetValueOrDefault((other.Service, other.Name, other.Kind));

    /// <summary>One kind of span.</summary>
    internal sealed class Entry(string service, string name, SpanKind kind)
    {
        public string Service => service;

        public string Name => name;

        public SpanKind Kind => kind;

        public int Count { get; private set; }

        public int Errors { get; private set; }

        public ulong Duration { get; private set; }

        public ulong Self { get; private set; }

        /// <summary>The one with the most self time.</summary>
        public TraceNode? Slowest { get; private set; }

        public ulong SlowestSelf { get; private set; }

        /// <returns>The self time of this one.</returns>
        public ulong Add(TraceNode node)
        {
            var self = node.SelfNano;
            Count++;
            Errors += node.Span.StatusCode == SpanStatusCode.Error ? 1 : 0;
            Duration += node.Span.DurationNano;
            Self += self;
            if (Slowest is null || self > SlowestSelf)
                (Slowest, SlowestSelf) = (node, self);
            return self;
        }
    }
}
