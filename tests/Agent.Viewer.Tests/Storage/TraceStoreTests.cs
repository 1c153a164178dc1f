using Agent.Viewer.Protos;
using Agent.Viewer.Storage;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Storage;

[TestClass]
public sealed class TraceStoreTests(TestContext context)
{
    [TestMethod]
    public void What_comes_out_is_what_Googles_own_classes_read()
    {
        var (random, store, expected) = (new RandomTraces(1) { HasTwins = true }, new TraceStore(), new Dictionary<string, List<string>>());
        for (var i = 0; i < 500; i++)
        {
            var request = random.Request();
            foreach (var (trace, text) in Expected.Of(request))
            {
                if (!expected.TryGetValue(trace, out var texts))
                    expected.Add(trace, texts = []);
                texts.Add(text);
            }

            Assert.AreEqual(new AcceptedSpans(Expected.Of(request).Count(), 0, ""), store.Add(request.ToByteArray()));
        }

        Assert.HasCount((int)store.State.Traces, expected);
        foreach (var (trace, texts) in expected)
        {
            var found = store.Find(trace);
            Assert.IsNotNull(found, trace);
            CollectionAssert.AreEqual(texts.Order(StringComparer.Ordinal).ToList(), found.Nodes.Select(node => Expected.Text(node.Span)).Order(StringComparer.Ordinal).ToList());
        }
    }

    [TestMethod]
    public void A_broken_message_is_refused_as_a_whole_and_harms_nothing()
    {
        var (random, noise, store) = (new RandomTraces(2), new Random(2), new TraceStore());
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = random.Request().ToByteArray();
            if (bytes.Length == 0)
                continue;
            if (noise.Next(2) == 0)
                bytes = bytes[..noise.Next(bytes.Length)];
            else
                bytes[noise.Next(bytes.Length)] = (byte)noise.Next(256);
            var before = store.State;
            try
            {
                var accepted = store.Add(bytes);
                Assert.AreEqual(before.Accepted + accepted.Accepted, store.State.Accepted);
                taken++;
            }
            catch (InvalidDataException)
            {
                Assert.AreEqual(before with { Bytes = 0 }, store.State with { Bytes = 0 });
                refused++;
            }
        }

        Assert.IsGreaterThan(500, taken);
        Assert.IsGreaterThan(500, refused);
        var all = store.Find(new TraceQuery { Limit = int.MaxValue });
        Assert.AreEqual(store.State.Traces, all.Total);
        Assert.AreEqual(store.State.Spans, all.Traces.Sum(trace => store.Find(trace.TraceId)!.Nodes.Count));
    }

    [TestMethod]
    public void When_the_memory_is_full_the_oldest_traces_go_as_a_whole()
    {
        const long Bound = 4 << 20;
        var store = new TraceStore(Bound);
        for (var i = 1; i <= 40_000; i++)
            store.Add(Request(Span($"{i:x32}", 1, null, "GET /", ("url.path", $"/orders/{i}")), Span($"{i:x32}", 2, 1, "SELECT")).ToByteArray());

        var state = store.State;
        Assert.IsLessThanOrEqualTo(Bound + (4 << 20), state.Bytes);
        Assert.AreEqual(40_000, state.Traces + state.DroppedTraces);
        Assert.AreEqual(2 * state.Traces, state.Spans);
        Assert.IsGreaterThan(10_000, state.DroppedTraces);
        var traces = store.Find(new TraceQuery { Limit = int.MaxValue, Order = TraceOrder.Oldest }).Traces;
        Assert.HasCount((int)state.Traces, traces);
        Assert.IsTrue(traces.All(trace => trace is { SpanCount: 2, OrphanCount: 0 }));
        Assert.AreEqual($"{40_000:x32}", traces.MaxBy(trace => trace.Number)!.TraceId);
        Assert.IsNull(store.Find($"{1:x32}"));
        Assert.IsNotNull(store.Find($"{40_000:X}"), "short and in upper case");
    }

    [TestMethod]
    public void A_trace_that_goes_on_in_later_blocks_goes_with_its_beginning_and_begins_anew()
    {
        var store = new TraceStore(4 << 20);
        const string Long = "000000000000000000000000000000ff";
        store.Add(Request(Span(Long, 1, null, "circuit")).ToByteArray());
        var next = 2UL;
        for (var i = 1000; store.State.DroppedTraces == 0; i++)
        {
            store.Add(Request(Span($"{i:x32}", 1, null, "GET /", ("text", new string('x', 2000) + i)), Span(Long, next++, 1, "event")).ToByteArray());
        }

        Assert.IsNull(store.Find(Long));
        store.Add(Request(Span(Long, next, 1, "event")).ToByteArray());
        Assert.AreEqual("event", store.Find(Long)!.Nodes.Single().Span.Name);
        var listed = store.Find(new TraceQuery { Filter = TraceFilter.Parse("name=event"), Limit = int.MaxValue }).Traces.Single();
        Assert.AreEqual((Long, 1, 1), (listed.TraceId, listed.SpanCount, listed.OrphanCount));
    }

    [TestMethod]
    public void A_span_that_comes_again_is_there_once()
    {
        var store = new TraceStore();
        var many = Request([.. Enumerable.Range(1, 100).Select(i => Span("0a", (ulong)i, i == 1 ? null : 1, $"span {i}"))]).ToByteArray();

        Assert.AreEqual(new AcceptedSpans(100, 0, ""), store.Add(many));
        Assert.AreEqual(new AcceptedSpans(100, 0, ""), store.Add(many));
        store.Add(Request(Span("0b", 7, null, "one"), Span("0b", 7, null, "another")).ToByteArray());

        Assert.AreEqual((101, 101), (store.State.Spans, store.State.Repeated));
        Assert.HasCount(100, store.Find("0a")!.Nodes);
        Assert.AreEqual("one", store.Find("0b")!.Nodes.Single().Span.Name);
        Assert.AreEqual(101, store.Find(new TraceQuery()).Traces.Sum(trace => trace.SpanCount));
    }

    [TestMethod]
    public void What_is_beyond_the_limits_is_cut_counted_and_said()
    {
        var store = new TraceStore();
        var deep = new AnyValue { StringValue = "bottom" };
        for (var i = 0; i < 60; i++)
            deep = new AnyValue { ArrayValue = new ArrayValue { Values = { deep } } };
        var span = Span("0c", 1, null, "big", ("text", new string('ä', 40_000)));
        span.Attributes.Add(new KeyValue { Key = "deep", Value = deep });
        for (var i = 0; i < StoreLimits.ItemsPerSpan + 10; i++)
            span.Attributes.Add(new KeyValue { Key = $"a{i}", Value = new AnyValue { IntValue = i } });
        for (var i = 0; i < StoreLimits.ItemsPerSpan + 5; i++)
            span.Events.Add(new Span.Types.Event { Name = $"e{i}" });
        span.DroppedEventsCount = 3;

        var result = store.Add(Request(span).ToByteArray());

        const int Cut = 1 + 1 + 12 + 5;
        Assert.AreEqual(new AcceptedSpans(1, 0, $"{Cut} values are cut or left out: texts have at most 64 KiB here, lists 1024 items, and 16 lists stand in each other."), result);
        Assert.AreEqual(Cut, store.State.Cut);
        var kept = store.Find("0c")!.Nodes.Single().Span;
        Assert.AreEqual((1024, 12, 1024, 8), (kept.Attributes.Count, kept.DroppedAttributes, kept.Events.Count, kept.DroppedEvents));
        Assert.EndsWith("ä…", (string)kept.Attributes["text"]!);
        Assert.AreEqual(64 << 10, System.Text.Encoding.UTF8.GetByteCount((string)kept.Attributes["text"]!), 3.0);
    }

    [TestMethod]
    public void A_trace_has_so_many_spans_and_no_more()
    {
        var store = new TraceStore();
        ulong id = 1;
        for (var i = 0; i < 21; i++)
        {
            var result = store.Add(Request([.. Enumerable.Range(0, 10_000).Select(_ => Span("0d", id++, null, "again"))]).ToByteArray());
            Assert.AreEqual(i < 20 ? new AcceptedSpans(10_000, 0, "") : new AcceptedSpans(0, 10_000, "10000 spans are refused: their trace has 200000 already."), result);
        }

        Assert.AreEqual((200_000, 10_000), (store.State.Spans, store.State.Rejected));
        Assert.HasCount(200_000, store.Find("0d")!.Nodes);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Readers_see_whole_spans_while_others_write_and_old_ones_go()
    {
        var store = new TraceStore(5 << 20);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var writing = Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            var random = new RandomTraces(writer + 10);
            for (var i = 0; i < 6000; i++)
                store.Add(random.Request().ToByteArray());
        })).ToList();
        var reads = 0;
        var reading = Task.Run(() =>
        {
            var random = new RandomTraces(30);
            for (; !done.IsCancellationRequested; reads++)
            {
                var query = new TraceQuery { Filter = TraceFilter.Of([new FilterTerm("", FilterOperator.Contains, random.Text())]), Order = (TraceOrder)random.Number(6), Limit = 20 };
                foreach (var trace in store.Find(query).Traces)
                {
                    Assert.IsNotEmpty(trace.Root.TraceId);
                    store.Find(trace.TraceId);
                }

                store.Routes(new TraceQuery());
                store.Dependencies();
                store.Operations("shop");
            }
        });

        await Task.WhenAll(writing);
        await done.CancelAsync();
        await reading;

        Assert.IsGreaterThan(0, store.State.DroppedTraces);
        Assert.IsGreaterThan(0, reads);
        Assert.AreEqual(store.State.Spans, store.Find(new TraceQuery { Limit = int.MaxValue }).Traces.Sum(trace => store.Find(trace.TraceId)!.Nodes.Count));
    }

    [TestMethod]
    public void Routes_and_dependencies_are_counted()
    {
        var store = new TraceStore();
        for (var i = 1; i <= 100; i++)
        {
            var (root, call, other) = (Span($"{i:x}", 1, null, "GET /a"), Span($"{i:x}", 2, 1, "GET"), Span($"{i:x}", 3, 2, "GET /b"));
            root.EndTimeUnixNano = root.StartTimeUnixNano + (ulong)i * 1_000_000;
            if (i <= 3)
                root.Status = new Status { Code = Status.Types.StatusCode.Error };
            var request = Request(root, call);
            request.ResourceSpans.Add(Request("bank", other).ResourceSpans);
            store.Add(request.ToByteArray());
        }

        var route = store.Routes(new TraceQuery()).Single();
        Assert.AreEqual(("shop", "GET /a", 100, 3), (route.Service, route.Name, route.Count, route.Errors));
        Assert.AreEqual((50_000_000UL, 90_000_000UL, 99_000_000UL), (route.P50Nano, route.P90Nano, route.P99Nano));
        Assert.AreEqual(new Dependency("shop", "bank", 100, 0, 1_000), store.Dependencies().Single());
        Assert.AreEqual("bank shop", string.Join(' ', store.Services()));
        Assert.AreEqual("GET, GET /a", string.Join(", ", store.Operations("shop").Select(operation => operation.Name)));
        Assert.AreEqual("shop 2 0, bank 1 0", string.Join(", ", store.Find(new TraceQuery { Filter = TraceFilter.Parse("errors=0"), Limit = 1 }).Traces.Single().Services.Select(s => $"{s.Name} {s.SpanCount} {s.ErrorCount}")));
    }

    static ExportTraceServiceRequest Request(params Span[] spans) => Request("shop", spans);

    static ExportTraceServiceRequest Request(string service, params Span[] spans)
    {
        var request = Exporter.Request("");
        request.ResourceSpans[0].Resource.Attributes[0].Value.StringValue = service;
        var scope = request.ResourceSpans[0].ScopeSpans[0];
        scope.Spans.Clear();
        scope.Spans.AddRange(spans);
        return request;
    }

    static Span Span(string trace, ulong id, ulong? parent, string name, params (string Name, string Value)[] attributes)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Convert.FromHexString(trace.PadLeft(32, '0'))),
            SpanId = ByteString.CopyFrom(Convert.FromHexString($"{id:x16}")),
            ParentSpanId = parent is { } above ? ByteString.CopyFrom(Convert.FromHexString($"{above:x16}")) : ByteString.Empty,
            Name = name,
            StartTimeUnixNano = 1_767_323_045_000_000_000 + id,
            EndTimeUnixNano = 1_767_323_045_000_001_000 + id,
        };
        span.Attributes.AddRange(attributes.Select(pair => new KeyValue { Key = pair.Name, Value = new AnyValue { StringValue = pair.Value } }));
        return span;
    }
}
