using Agent.Viewer.Otlp;

namespace Agent.Viewer.Storage;

/// <summary>
/// Keeps traces in memory, within a bound, and finds them. What is new goes into the last of a row of <see cref="Block"/>s; when they are
/// too many, the first one goes, and with it every trace that began in it. All members are thread-safe.
/// </summary>
public sealed class TraceStore : ISpanSink, IDisposable
{
    // A dictionary's entry, a list's and the object.
    const int BytesPerTrace = 200;
    const int BytesPerSpanId = 24;

    // Fewer spans than this are looked through for one that comes again.
    const int FewSpans = 32;

    readonly Lock _lock = new();
    readonly long _maxBytes;
    readonly long _maxFileBytes;
    readonly Action<string> _complain;
    readonly TraceJournal? _journal;
    readonly CancellationTokenSource _stop = new();
    bool _isReplaying;
    bool _isFileFull;
    long _firstNews; // the first request that came while the folder was read
    readonly Dictionary<UInt128, TraceEntry> _byId = [];
    readonly List<TraceEntry> _traces = []; // by number, the first one's being _firstTrace
    readonly List<Block> _blocks = [new(0)]; // likewise
    long _firstTrace;
    long _firstBlock;
    long _sealedBytes;
    long _spanIds;
    long _spans;
    long _accepted;
    long _repeated;
    long _rejected;
    long _cut;
    long _version;
    ulong? _droppedUntil;

    /// <summary>Starts empty.</summary>
    /// <param name="maxBytes">The memory that traces may take.</param>
    public TraceStore(long maxBytes = 256L << 20)
        : this(maxBytes, null, 0, static _ => { })
    {
    }

    /// <summary>Starts with what a folder holds, which is read beside other work; see <see cref="Replay"/>.</summary>
    /// <param name="maxBytes">The memory that traces may take.</param>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="maxFileBytes">The disk space that traces may take.</param>
    /// <param name="complain">Gets a sentence when something is wrong with the folder.</param>
    /// <exception cref="IOException">The folder cannot be written, or another viewer has it; the message says which and what to do.</exception>
    public TraceStore(long maxBytes, string? folder, long maxFileBytes, Action<string> complain)
    {
        (_maxBytes, _maxFileBytes, _complain) = (maxBytes, maxFileBytes, complain);
        if (folder is null)
            return;
        _journal = TraceJournal.Open(folder, complain);
        _isReplaying = true;
        Replay = Task.Run(ReadJournal);
    }

    /// <summary>Completes when everything that the folder holds has been read. Until then, what comes is kept there and seen at its turn.</summary>
    public Task Replay { get; } = Task.CompletedTask;

    /// <summary>Raised after spans were taken, with them, on the thread that brought them; possibly on several at once.</summary>
    public event Action<IReadOnlyList<ReceivedSpan>>? Received;

    /// <summary>Rises whenever spans were taken or traces let go.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is held and what was let go.</summary>
    public StoreState State
    {
        get
        {
            lock (_lock)
            {
                return new()
                {
                    Traces = _traces.Count,
                    Spans = _spans,
                    Bytes = Bytes,
                    MaxBytes = _maxBytes,
                    Accepted = _accepted,
                    Repeated = _repeated,
                    Rejected = _rejected,
                    Cut = _cut,
                    DroppedTraces = _firstTrace,
                    DroppedUntilUnixNano = _droppedUntil,
                };
            }
        }
    }

    Block Last => _blocks[^1];

    long Bytes => _sealedBytes + Last.Bytes + (long)_traces.Count * BytesPerTrace + _spanIds * BytesPerSpanId;

    /// <summary>Takes an <c>ExportTraceServiceRequest</c> of OTLP.</summary>
    /// <exception cref="InvalidDataException">It is no such message; nothing of it was taken.</exception>
    /// <exception cref="StorageException">It could not be written to disk; nothing of it was taken.</exception>
    public AcceptedSpans Add(ReadOnlyMemory<byte> request)
    {
        AcceptedSpans result;
        List<ReceivedSpan> news;
        lock (_lock)
        {
            if (_isReplaying)
            {
                // It is read when its turn comes; what is to be said of it is known at once.
                var decoder = new OtlpDecoder(new Block(0));
                decoder.Decode(request.Span);
                var number = _journal!.Append(request.Span);
                if (_firstNews == 0)
                    _firstNews = number;
                return decoder.Result();
            }

            (result, news) = Take(request.Span, null);
        }

        if (news.Count > 0)
            Received?.Invoke(news);
        return result;
    }

    /// <summary>Stops reading the folder and closes it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Replay.Wait();
        _journal?.Dispose();
        _stop.Dispose();
    }

    /// <summary>The whole trace; null if it is not here (any more).</summary>
    /// <param name="traceId">32 hexadecimal digits, upper or lower case; fewer if it begins with zeros.</param>
    public Trace? Find(string traceId)
    {
        if (!SpanIds.TryTrace(traceId, out var id))
            return null;
        var places = new List<(Block Block, int Index)>();
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var trace))
                return null;
            Walk(trace, (block, index) => places.Add((block, index)));
        }

        places.Reverse();
        var readers = new Dictionary<Block, BlockReader>();
        return new Trace(places.Select(place =>
        {
            if (!readers.TryGetValue(place.Block, out var reader))
                readers.Add(place.Block, reader = new BlockReader(place.Block));
            return reader.Read(place.Index, id);
        }));
    }

    /// <summary>The traces that a query asks for.</summary>
    public FoundTraces Find(TraceQuery query)
    {
        var found = Matching(query);
        Sort(found, query.Order);
        var summaries = new List<TraceSummary>();
        var readers = new Dictionary<Block, BlockReader>();
        foreach (var trace in found.Skip(query.Skip).Take(query.Limit))
        {
            lock (_lock)
            {
                if (trace.Number >= _firstTrace)
                    summaries.Add(Summary(trace, readers));
            }
        }

        return new(summaries, found.Count);
    }

    /// <summary>The names of all services that have sent spans, sorted.</summary>
    public IReadOnlyList<string> Services()
    {
        lock (_lock)
        {
            return [.. _blocks.SelectMany(block => block.ServiceNames.Distinct().Select(name => Service(block.Texts.Text(name)))).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The names of a service's spans with their kinds, sorted.</summary>
    public IReadOnlyList<Operation> Operations(string service)
    {
        var operations = new HashSet<Operation>();
        foreach (var (block, count) in Blocks())
        {
            var names = new HashSet<(int Name, byte Kind)>();
            bool[] isAsked;
            lock (_lock)
                isAsked = [.. Enumerable.Range(0, block.ScopeCount).Select(i => Service(block.Texts.Text(block.ServiceNameOf(i))) == service)];
            for (var i = 0; i < count; i++)
            {
                ref var head = ref block[i];
                if (head.Scope < isAsked.Length && isAsked[head.Scope])
                    names.Add((head.Name, head.Kind));
            }

            operations.UnionWith(names.Select(name => new Operation(block.Texts.Text(name.Name), (SpanKind)name.Kind)));
        }

        return [.. operations.OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind)];
    }

    /// <summary>The names of the attributes that recent spans have, sorted.</summary>
    public IReadOnlyList<string> AttributeNames()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (block, count) in Blocks().TakeLast(2))
        {
            var reader = new BlockReader(block);
            for (var i = 0; i < count; i++)
                reader.AddAttributeNames(i, names);
        }

        return [.. names];
    }

    /// <summary>Roots of the same name at the same service, counted; the most frequent first. Skip, Limit and Order of the query do not count.</summary>
    public IReadOnlyList<Route> Routes(TraceQuery query)
    {
        var groups = new Dictionary<(string Service, string Name, SpanKind Kind), RouteCount>();
        var readers = new Dictionary<Block, BlockReader>();
        foreach (var trace in Matching(query))
        {
            lock (_lock)
            {
                if (trace.Number < _firstTrace)
                    continue;
                var block = BlockOf(trace.Root);
                ref var root = ref block[trace.Root.Index];
                var reader = Reader(readers, block);
                var key = (Service(reader.Text(block.ServiceNameOf(root.Scope))), reader.Text(root.Name), (SpanKind)root.Kind);
                if (!groups.TryGetValue(key, out var count))
                    groups.Add(key, count = new RouteCount());
                count.Add(ref root);
            }
        }

        return [.. groups.Select(group => group.Value.Route(group.Key)).OrderByDescending(route => route.Count).ThenBy(route => route.Name, StringComparer.Ordinal)];
    }

    /// <summary>Who called whom in the traces that started in this time.</summary>
    /// <param name="from">In nanoseconds since 1970-01-01 UTC; null for no limit.</param>
    /// <param name="to">Likewise; what started then does not count any more.</param>
    public IReadOnlyList<Dependency> Dependencies(ulong? from = null, ulong? to = null)
    {
        var calls = new Dictionary<(string Parent, string Child), RouteCount>();
        var services = new Dictionary<ulong, string>(SpanIds.Comparer);
        var readers = new Dictionary<Block, BlockReader>();
        foreach (var trace in Matching(new TraceQuery { From = from, To = to }))
        {
            lock (_lock)
            {
                if (trace.Number < _firstTrace)
                    continue;
                services.Clear();
                Walk(trace, (block, index) => services[block[index].SpanId] = Service(Reader(readers, block).Text(block.ServiceNameOf(block[index].Scope))));
                Walk(trace, (block, index) =>
                {
                    ref var head = ref block[index];
                    if (head.ParentSpanId == 0 || !services.TryGetValue(head.ParentSpanId, out var parent) || services[head.SpanId] is var child && child == parent)
                        return;
                    if (!calls.TryGetValue((parent, child), out var count))
                        calls.Add((parent, child), count = new RouteCount());
                    count.Add(ref head);
                });
            }
        }

        return [.. calls.Select(call => call.Value.Dependency(call.Key.Parent, call.Key.Child)).OrderBy(call => call.Parent, StringComparer.Ordinal).ThenBy(call => call.Child, StringComparer.Ordinal)];
    }

    static string Service(string name) => name.Length == 0 ? SpanDetails.NoService : name;

    static BlockReader Reader(Dictionary<Block, BlockReader> readers, Block block)
    {
        if (!readers.TryGetValue(block, out var reader))
            readers.Add(block, reader = new BlockReader(block));
        return reader;
    }

    /// <param name="request">What came.</param>
    /// <param name="number">Its number in the journal; null if it is to be kept there now.</param>
    (AcceptedSpans Result, List<ReceivedSpan> News) Take(ReadOnlySpan<byte> request, long? number)
    {
        var block = Last;
        var (end, first) = (block.End, block.Count);
        var decoder = new OtlpDecoder(block);
        try
        {
            decoder.Decode(request);
            if (_journal is not null && decoder.TraceIds.Count > 0)
                block.LastRequest = number ?? _journal.Append(request);
        }
        catch
        {
            block.Retract(end);
            throw;
        }

        var tooMany = Link(block, first, decoder.TraceIds);
        block.Publish();
        var result = decoder.Result(tooMany);
        _accepted += result.Accepted;
        _rejected += result.Rejected;
        _cut += decoder.Cut;
        var news = Received is null || number < (_firstNews == 0 ? long.MaxValue : _firstNews) ? [] : Read(block, first);
        if (block.IsFull)
            StartBlock();
        DropOldest();
        Interlocked.Increment(ref _version);
        return (result, news);
    }

    void ReadJournal()
    {
        long last = 0;
        var damaged = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var requests = _journal!.Read(last);
                var news = new List<ReceivedSpan>();
                lock (_lock)
                {
                    // What was appended meanwhile is found by the next reading; nothing can be while the lock is held.
                    if (requests.Count == 0 && _journal.Read(last).Count == 0)
                    {
                        _isReplaying = false;
                        break;
                    }

                    foreach (var (number, request) in requests)
                    {
                        last = number;
                        damaged += request is null || !TryTake(request, number, news) ? 1 : 0;
                    }
                }

                if (news.Count > 0)
                    Received?.Invoke(news);
            }
        }
        catch (InvalidDataException damage)
        {
            Recover(last, damage);
        }
        catch (StorageException failure)
        {
            _complain(failure.Message);
        }

        if (damaged > 0)
            _complain($"{damaged} requests of the folder are damaged and left out.");
        lock (_lock)
            _isReplaying = false;
    }

    bool TryTake(byte[] request, long number, List<ReceivedSpan> news)
    {
        try
        {
            news.AddRange(Take(request, number).News);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // The file is damaged somewhere behind what was read: that stays seen, and what comes now goes into a new file.
    void Recover(long last, Exception damage)
    {
        lock (_lock)
        {
            foreach (var block in _blocks)
                block.LastRequest = 0;
            _journal!.PutAside(damage, _complain);
            _complain($"{_spans} spans could be read from it up to request {last}.");
        }
    }

    // Hangs what was written on the traces it belongs to.
    int Link(Block block, int first, List<UInt128> traceIds)
    {
        var tooMany = 0;
        TraceEntry? trace = null;
        for (var i = first; i < block.Written; i++)
        {
            ref var head = ref block[i];
            var id = traceIds[i - first];
            if (trace?.Id != id && !_byId.TryGetValue(id, out trace))
            {
                trace = new TraceEntry(id, _firstTrace + _traces.Count, block.Place(i));
                _byId.Add(id, trace);
                _traces.Add(trace);
            }

            var isRepeated = IsHere(trace, head.SpanId);
            if (isRepeated || trace.SpanCount == StoreLimits.SpansPerTrace)
            {
                head.Trace = -1;
                _repeated += isRepeated ? 1 : 0;
                tooMany += isRepeated ? 0 : 1;
                continue;
            }

            Hang(trace, ref head, block.Place(i));
        }

        return tooMany;
    }

    void Hang(TraceEntry trace, ref SpanHead head, SpanPlace place)
    {
        (head.Trace, head.Previous, trace.Last) = (trace.Number, trace.Last, place);
        _spans++;
        trace.SpanCount++;
        if (head.Status == (byte)SpanStatusCode.Error)
            trace.ErrorCount++;
        trace.Start = Math.Min(trace.Start, head.Start);
        trace.End = Math.Max(trace.End, head.Start + head.Duration);
        var hasParent = head.ParentSpanId != 0;
        if (trace.Root == SpanPlace.None || (hasParent, head.Start).CompareTo((trace.RootHasParent, trace.RootStart)) < 0)
            (trace.Root, trace.RootHasParent, trace.RootStart) = (place, hasParent, head.Start);
        if (trace.SpanIds is { } ids)
        {
            ids.Add(head.SpanId);
            _spanIds++;
        }
    }

    bool IsHere(TraceEntry trace, ulong spanId)
    {
        if (trace.SpanIds is { } ids)
            return ids.Contains(spanId);
        if (trace.SpanCount < FewSpans)
        {
            for (var place = trace.Last; place != SpanPlace.None;)
            {
                ref var head = ref BlockOf(place)[place.Index];
                if (head.SpanId == spanId)
                    return true;
                place = head.Previous;
            }

            return false;
        }

        trace.SpanIds = ids = new(SpanIds.Comparer);
        Walk(trace, (block, index) => ids.Add(block[index].SpanId));
        _spanIds += ids.Count;
        return ids.Contains(spanId);
    }

    List<ReceivedSpan> Read(Block block, int first)
    {
        var reader = new BlockReader(block);
        var spans = new List<ReceivedSpan>();
        for (var i = first; i < block.Count; i++)
        {
            if (block[i].Trace >= 0)
                spans.Add(reader.Read(i, _traces[(int)(block[i].Trace - _firstTrace)].Id));
        }

        return spans;
    }

    void StartBlock()
    {
        // Looked at once for a block: it is a query.
        _isFileFull = _journal?.Bytes > _maxFileBytes;
        Last.Seal();
        _sealedBytes += Last.Bytes;
        _blocks.Add(new Block(_firstBlock + _blocks.Count));
    }

    void DropOldest()
    {
        while (_blocks.Count > 1 && (Bytes > _maxBytes || _isFileFull))
        {
            var traces = _traces.TakeWhile(trace => trace.First.Block == _firstBlock).ToList();
            foreach (var trace in traces)
            {
                _byId.Remove(trace.Id);
                _spans -= trace.SpanCount;
                _spanIds -= trace.SpanIds?.Count ?? 0;
                _droppedUntil = Math.Max(_droppedUntil ?? 0, trace.Start);
            }

            _traces.RemoveRange(0, traces.Count);
            _firstTrace += traces.Count;
            _sealedBytes -= _blocks[0].Bytes;
            if (_blocks[0].LastRequest is var request and > 0)
                _journal!.DropUntil(request);
            _isFileFull = _journal?.Bytes > _maxFileBytes;
            _blocks.RemoveAt(0);
            _firstBlock++;
        }
    }

    Block BlockOf(SpanPlace place) => _blocks[(int)(place.Block - _firstBlock)];

    // The latest first.
    void Walk(TraceEntry trace, Action<Block, int> visit)
    {
        for (var place = trace.Last; place != SpanPlace.None;)
        {
            var block = BlockOf(place);
            visit(block, place.Index);
            place = block[place.Index].Previous;
        }
    }

    // With how much of them can be read.
    (Block Block, int Count)[] Blocks()
    {
        lock (_lock)
            return [.. _blocks.Select(static block => (block, block.Count))];
    }

    List<TraceEntry> Matching(TraceQuery query)
    {
        TraceEntry[] traces;
        Block[] blocks;
        lock (_lock)
        {
            traces = [.. _traces];
            blocks = [.. _blocks];
        }

        var search = new TraceSearch(query, traces, RootName);
        foreach (var block in blocks[..^1])
            search.Look(block);
        lock (_lock)
            search.Look(blocks[^1]);
        return search.Found();
    }

    string RootName(TraceEntry trace)
    {
        lock (_lock)
        {
            if (trace.Number < _firstTrace)
                return "";
            var block = BlockOf(trace.Root);
            return block.Texts.Text(block[trace.Root.Index].Name);
        }
    }

    static void Sort(List<TraceEntry> traces, TraceOrder order)
    {
        var keys = new (long, ulong)[traces.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var trace = traces[i];
            var duration = (long)Math.Min(trace.End - trace.Start, long.MaxValue);
            keys[i] = (order switch
            {
                TraceOrder.Oldest => 0,
                TraceOrder.Slowest => -duration,
                TraceOrder.Fastest => duration,
                TraceOrder.MostSpans => -trace.SpanCount,
                TraceOrder.MostErrors => -trace.ErrorCount,
                _ => 0,
            }, order == TraceOrder.Oldest ? trace.Start : ulong.MaxValue - trace.Start);
        }

        var sorted = traces.ToArray();
        Array.Sort(keys, sorted);
        traces.Clear();
        traces.AddRange(sorted);
    }

    TraceSummary Summary(TraceEntry trace, Dictionary<Block, BlockReader> readers)
    {
        var services = new Dictionary<string, (int Spans, int Errors)>();
        var ids = new HashSet<ulong>(SpanIds.Comparer);
        Walk(trace, (block, index) => ids.Add(block[index].SpanId));
        var orphans = 0;
        Walk(trace, (block, index) =>
        {
            ref var head = ref block[index];
            var name = Service(Reader(readers, block).Text(block.ServiceNameOf(head.Scope)));
            var (spans, errors) = services.GetValueOrDefault(name);
            services[name] = (spans + 1, errors + (head.Status == (byte)SpanStatusCode.Error ? 1 : 0));
            orphans += head.ParentSpanId != 0 && !ids.Contains(head.ParentSpanId) ? 1 : 0;
        });
        var root = Reader(readers, BlockOf(trace.Root)).Read(trace.Root.Index, trace.Id);
        return new()
        {
            TraceId = SpanIds.Text(trace.Id),
            Number = trace.Number,
            Root = root,
            StartUnixNano = trace.Start,
            EndUnixNano = trace.End,
            SpanCount = trace.SpanCount,
            ErrorCount = trace.ErrorCount,
            OrphanCount = orphans,
            Services = [.. services.Select(service => new ServiceSpans(service.Key, service.Value.Spans, service.Value.Errors))
                .OrderBy(service => service.Name != SpanDetails.Service(root)).ThenBy(service => service.Name, StringComparer.Ordinal)],
        };
    }
}
