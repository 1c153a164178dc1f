using System.Diagnostics;
using System.Net;
using Agent.Configuration;
using Agent.Diagnosis;
using Agent.Tracing;
using Agent.Viewer.Protos;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Agent.UnitTests;

[TestClass]
public sealed class OtlpTests : IDisposable
{
    readonly ActivitySource _source = new("First", "1.2"), _other = new("Second"), _tagged = new("Third", "3", [new("of", "source")]);
    readonly ActivityListener _listener;
    readonly Receiver _receiver = new();

    public OtlpTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _source || source == _other || source == _tagged,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        Activity.Current = null;
        _listener.Dispose();
        _receiver.Dispose();
        foreach (var source in (ActivitySource[])[_source, _other, _tagged])
            source.Dispose();
    }

    /// <summary>Takes requests as a collector would, or as none would.</summary>
    sealed class Receiver : HttpMessageHandler
    {
        public List<ExportTraceServiceRequest> Requests { get; } = [];

        public IEnumerable<Span> Spans => Requests.SelectMany(request => request.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans);

        public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

        /// <summary>A request has come, and waits.</summary>
        public SemaphoreSlim? HasCome { get; set; }

        /// <summary>What it waits for.</summary>
        public SemaphoreSlim GoOn { get; } = new(0);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new MemoryStream();
            request.Content!.CopyTo(body, context: null, cancellationToken);
            var isGrpc = request.Content.Headers.ContentType?.MediaType == "application/grpc";
            if (isGrpc)
                CollectionAssert.AreEqual((byte[])[0, .. BitConverter.GetBytes((int)body.Length - 5).Reverse()], body.ToArray()[..5], "the frame of gRPC: not compressed, and the length");
            Requests.Add(ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray().AsSpan(isGrpc ? 5 : 0)));
            if (HasCome is not null)
            {
                HasCome.Release();
                GoOn.Wait(cancellationToken);
            }
            var response = new HttpResponseMessage(Answer);
            if (isGrpc)
                response.TrailingHeaders.Add("grpc-status", "0");
            return response;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));

        protected override void Dispose(bool disposing)
        {
            GoOn.Dispose();
            base.Dispose(disposing);
        }
    }

    static OtlpExporterOptions To(Receiver receiver, OtlpExportProtocol protocol = OtlpExportProtocol.HttpProtobuf) => new()
    {
        Protocol = protocol,
        Endpoint = new Uri("http://collector.example/v1/traces"),
        HttpClientFactory = () => new HttpClient(receiver, disposeHandler: false),
    };

    static SdkConfiguration Configuration(params string[] set) => new Settings(Variables.Of(set)).ForSdk;

    OtlpQueue Queue(ExportCount count, params string[] set) =>
        new(OtlpExport.Sender(To(_receiver), Configuration(set), count), count, new Settings(Variables.Of(set)), new CancellationTokenSource());

    Activity Ended(string name)
    {
        var span = _source.StartActivity(name)!;
        span.Stop();
        return span;
    }

    /// <summary>The first of these numbers was chosen by nobody; the other ones are further looks.</summary>
    [TestMethod]
    [DataRow(1, "")]
    [DataRow(2, "")]
    [DataRow(3, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=3")]
    [DataRow(4, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=5")]
    [DataRow(5, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT=5")]
    [DataRow(6, "OTEL_SPAN_EVENT_COUNT_LIMIT=1")]
    [DataRow(7, "", OtlpExportProtocol.Grpc)]
    public void What_is_sent_says_the_same_as_what_the_SDK_sends(int seed, string limit, OtlpExportProtocol protocol = OtlpExportProtocol.HttpProtobuf)
    {
        string[] set = limit.Length > 0 ? [limit] : [];
        var random = new Random(seed);
        var spans = Enumerable.Range(0, 500).Select(_ => Any(random)).ToArray();
        using var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("shop", "eu").AddAttributes([new("ünï", 3L)])).Build();
        var count = new ExportCount("otlp", hears: false);

        using var theirs = new Receiver();
        using (var sender = OtlpExport.Sender(To(theirs, protocol), Configuration(set), count))
        {
            SdkInternals<Activity>.SetParentProvider(sender.Exporter, provider);
            Assert.AreEqual(ExportResult.Success, sender.Exporter.Export(new Batch<Activity>(spans, spans.Length)));
        }

        using (var sender = OtlpExport.Sender(To(_receiver, protocol), Configuration(set), count))
        {
            var batch = new OtlpBatch();
            foreach (var span in spans)
            {
                var buffer = sender.Encoding.Span(span, out var length);
                batch.Add(span.Source, buffer.AsSpan(0, length));
                OtlpEncoding.Return(buffer);
            }
            sender.Send(batch, provider);
        }
        Assert.AreEqual(500, count.Exported);
        var (expected, sent) = (theirs.Requests.Single().ResourceSpans.Single(), _receiver.Requests.Single().ResourceSpans.Single());
        Assert.AreEqual(expected.Resource, sent.Resource);
        Assert.HasCount(expected.ScopeSpans.Count, sent.ScopeSpans);
        foreach (var (scope, expectedScope) in sent.ScopeSpans.Zip(expected.ScopeSpans))
        {
            Assert.AreEqual(expectedScope.Scope, scope.Scope);
            Assert.HasCount(expectedScope.Spans.Count, scope.Spans);
            foreach (var (span, expectedSpan) in scope.Spans.Zip(expectedScope.Spans))
                Assert.AreEqual(expectedSpan, span);
        }
    }

    Activity Any(Random random)
    {
        T Of<T>(params T[] choices) => choices[random.Next(choices.Length)];
        var context = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), Of(ActivityTraceFlags.None, ActivityTraceFlags.Recorded), Of(null, "a=b,c=d"), isRemote: Of(true, false));
        var isLinked = random.Next(8) == 0;
        Activity.Current = null;
        using var parent = random.Next(3) == 0 ? _source.StartActivity("parent") : null;
        var span = Of(_source, _source, _other, _tagged).StartActivity(Of("", "page /", "żółć 💧", "a\ud800b", new string('n', 300)), Of(Enum.GetValues<ActivityKind>()),
            random.Next(3) == 0 && parent is null ? context : default, links: isLinked ? [new(context, new() { ["why"] = "so" }), new(default)] : null)!;
        var attributes = random.Next(30) == 0 ? 150 : random.Next(8);
        for (var i = 0; i < attributes; i++)
        {
            object?[] values =
            [
                "", "x", "http/1.1", "żółć 💧", "a\ud800b", new string('v', random.Next(400)), new string('ż', random.Next(90)), 0, -1, 127, 128, int.MaxValue, int.MinValue, 5L, long.MinValue, long.MaxValue,
                true, false, 0.0, -1.5, double.NaN, double.MaxValue, random.Next(4) == 0 ? new string('l', 5000) : "s",
            ];
            object?[] rare = [null, 'c', (byte)7, (short)-3, 7u, 7ul, 1.5f, 2.5m, new[] { "a", null, "b" }, new[] { 1, 2 }, new byte[] { 1, 2 }, Guid.Empty, new DateTime(2026, 11, 26), new string('h', 70000)];
            span.AddTag(Of("k", "http.request.method", "ключ", "", new string('k', 140)) + (random.Next(5) == 0 ? "" : $"{i}"), random.Next(25) == 0 ? Of(rare) : Of(values));
        }
        if (random.Next(20) == 0)
            span.AddTag("otel.status_code", Of("OK", "ERROR", "UNSET", "?")).AddTag("otel.status_description", "because");
        if (random.Next(4) == 0)
            span.SetStatus(Of(ActivityStatusCode.Error, ActivityStatusCode.Ok), Of(null, "", "żółć", new string('m', 200)));
        for (var i = random.Next(10) == 0 ? 3 : 0; i > 0; i--)
            span.AddEvent(new ActivityEvent("event", tags: new() { ["n"] = i }));
        span.Stop();
        return span;
    }

    [TestMethod]
    public void A_batch_that_is_full_is_sent_and_one_that_is_not_waits_for_its_time_or_a_flush()
    {
        var count = new ExportCount("otlp", hears: false);
        using var hasCome = new SemaphoreSlim(0);
        _receiver.HasCome = hasCome;
        using var queue = Queue(count, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=3");
        foreach (var name in (string[])["a", "b", "c", "d"])
            queue.OnEnd(Ended(name));
        hasCome.Wait();
        Assert.AreEqual("a b c", string.Join(' ', _receiver.Spans.Select(span => span.Name)));
        Assert.IsFalse(queue.ForceFlush(1)); // the receiver has not answered yet
        _receiver.HasCome = null;
        _receiver.GoOn.Release();
        Assert.IsTrue(queue.ForceFlush());
        Assert.AreEqual("a b c|d", string.Join('|', _receiver.Requests.Select(request => string.Join(' ', request.ResourceSpans[0].ScopeSpans[0].Spans.Select(span => span.Name)))));
        Assert.IsTrue(queue.ForceFlush()); // with nothing to send
        Assert.HasCount(2, _receiver.Requests);
        Assert.IsTrue(queue.Shutdown());
        Assert.AreEqual((4, 4, 0, 0), (count.Produced, count.Exported, count.Failed, count.QueueFull()));
    }

    [TestMethod]
    public void A_batch_that_is_not_full_is_sent_when_its_time_has_come()
    {
        using var hasCome = new SemaphoreSlim(0);
        _receiver.HasCome = hasCome;
        using var queue = Queue(new ExportCount("otlp", hears: false), "OTEL_BSP_SCHEDULE_DELAY=50");
        queue.OnEnd(Ended("a"));
        hasCome.Wait();
        Assert.AreEqual("a", _receiver.Spans.Single().Name);
        _receiver.GoOn.Release();
        Assert.IsTrue(queue.Shutdown());
    }

    /// <summary>As MySqlConnector does it, and as it arrives with the SDK's own processor.</summary>
    [TestMethod]
    public void What_a_library_says_of_a_span_just_after_its_end_is_sent()
    {
        using var queue = Queue(new ExportCount("otlp", hears: false));
        var span = Ended("failed");
        queue.OnEnd(span);
        queue.OnEnd(Ended("next"));
        span.SetStatus(ActivityStatusCode.Error, "late");
        Assert.IsTrue(queue.Shutdown());
        Assert.AreEqual("failed late, next ", string.Join(", ", _receiver.Spans.Select(span => $"{span.Name} {span.Status?.Message}")));
    }

    [TestMethod]
    public void What_finds_no_room_is_dropped_and_counted_and_the_end_sends_the_rest()
    {
        var count = new ExportCount("otlp", hears: false);
        using var hasCome = new SemaphoreSlim(0);
        _receiver.HasCome = hasCome;
        using var queue = Queue(count, "OTEL_BSP_MAX_QUEUE_SIZE=3", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=2");
        queue.OnEnd(Ended("a"));
        queue.OnEnd(Ended("b"));
        hasCome.Wait(); // these two are on their way; now there is room for three
        foreach (var name in (string[])["c", "d", "e", "f", "g"])
            queue.OnEnd(Ended(name));
        Assert.AreEqual(2, count.QueueFull());
        _receiver.HasCome = null;
        _receiver.GoOn.Release();
        Assert.IsTrue(queue.Shutdown());
        Assert.AreEqual("a b c d e", string.Join(' ', _receiver.Spans.Select(span => span.Name)));
        Assert.AreEqual((7, 5, 0, 2), (count.Produced, count.Exported, count.Failed, count.QueueFull()));
        queue.OnEnd(Ended("after the end"));
        Assert.AreEqual(5, count.Exported);
    }

    [TestMethod]
    public void What_the_receiver_does_not_take_has_failed_and_the_end_does_not_wait_longer_than_it_may()
    {
        var level = Log.Level;
        Log.Level = LogLevel.None;
        try
        {
            var count = new ExportCount("otlp", hears: false);
            _receiver.Answer = HttpStatusCode.BadRequest;
            var queue = Queue(count);
            queue.OnEnd(Ended("a"));
            Assert.IsTrue(queue.ForceFlush()); // has done what it could
            Assert.AreEqual((1, 0, 1), (count.Produced, count.Exported, count.Failed));
            using var hasCome = new SemaphoreSlim(0);
            _receiver.HasCome = hasCome;
            queue.OnEnd(Ended("b"));
            Assert.IsFalse(queue.Shutdown(1));
            hasCome.Wait();
            _receiver.GoOn.Release();
            queue.Dispose();
        }
        finally
        {
            Log.Level = level;
        }
    }

    [TestMethod]
    public void A_span_that_is_not_to_be_recorded_is_not_sent()
    {
        var count = new ExportCount("otlp", hears: false);
        using var queue = Queue(count);
        var span = _source.StartActivity("unrecorded")!;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.Stop();
        queue.OnEnd(span);
        Assert.IsTrue(queue.Shutdown());
        Assert.AreEqual(0, count.Produced);
        Assert.IsEmpty(_receiver.Requests);
    }

    [TestMethod]
    public void Threads_write_their_spans_beside_one_another()
    {
        var count = new ExportCount("otlp", hears: false);
        using var queue = Queue(count, "OTEL_BSP_MAX_QUEUE_SIZE=100000", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=100");
        Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Activity.Current = null;
            queue.OnEnd(Ended($"span {i}"));
        });
        Assert.IsTrue(queue.Shutdown());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10_000).Select(i => $"span {i}").ToArray(), _receiver.Spans.Select(span => span.Name).ToArray());
        Assert.IsTrue(_receiver.Requests.All(request => request.ResourceSpans[0].ScopeSpans[0].Spans.Count <= 100));
    }

    [TestMethod]
    public void A_span_that_cannot_be_written_is_dropped_alone_and_said_once()
    {
        using var said = new StringWriter();
        var (error, level) = (Console.Error, Log.Level);
        Console.SetError(said);
        Log.Level = LogLevel.Warn;
        try
        {
            var count = new ExportCount("otlp", hears: false);
            using var queue = Queue(count);
            foreach (var value in (object[])["fine", Wrong(), new string('l', 5_000_000), "fine too"])
            {
                using var span = _source.StartActivity("span")!.SetTag("value", value);
                span.Stop();
                queue.OnEnd(span);
            }
            Assert.IsTrue(queue.Shutdown());
            Assert.AreEqual("fine, fine too", string.Join(", ", _receiver.Spans.Select(span => span.Attributes[0].Value.StringValue)));
            Assert.AreEqual((4, 2, 2, 0), (count.Produced, count.Exported, count.Failed, count.QueueFull()));
            Assert.Contains("a span of First cannot be written (otlp): ArgumentException: the app's own mistake", said.ToString());
            Assert.HasCount(2, said.ToString().Split("cannot be written"));
        }
        finally
        {
            Console.SetError(error);
            Log.Level = level;
        }

        static IEnumerable<KeyValuePair<string, object?>> Wrong()
        {
            yield return new("a", 1);
            throw new ArgumentException("the app's own mistake");
        }
    }

    /// <summary>What makes the text of an attribute is code of the app's.</summary>
    [TestMethod]
    public void A_span_that_ends_while_another_one_is_written_does_not_harm_it()
    {
        using var queue = Queue(new ExportCount("otlp", hears: false), "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=3"); // each is written at its end
        using var span = _source.StartActivity("outer")!.SetTag("first", "1").SetTag("second", new Text(() => queue.OnEnd(Ended("inner")))).SetTag("third", "3");
        span.Stop();
        queue.OnEnd(span);
        Assert.IsTrue(queue.Shutdown());
        Assert.AreEqual("inner: ; outer: 1 text 3", string.Join("; ", _receiver.Spans.Select(span => $"{span.Name}: {string.Join(' ', span.Attributes.Select(attribute => attribute.Value.StringValue))}")));
    }

    sealed class Text(Action made)
    {
        public override string ToString()
        {
            made();
            return "text";
        }
    }
}
