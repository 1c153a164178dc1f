using System.Net;
using System.Net.Sockets;
using Agent.Viewer.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Agent.Viewer.Tests;

[TestClass]
public sealed class OtlpReceiverTests(TestContext context)
{
    CancellationToken Stop => context.CancellationToken;

    [TestMethod]
    public async Task Http_spans_arrive_with_everything_they_carry()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        var request = Exporter.Request(new Span
        {
            TraceId = Exporter.Bytes(16, 0xab),
            SpanId = Exporter.Bytes(8, 0x12),
            ParentSpanId = Exporter.Bytes(8, 0x34),
            TraceState = "vendor=1",
            Flags = 0x301,
            Name = "GET /",
            Kind = Span.Types.SpanKind.Client,
            StartTimeUnixNano = 1_000_000,
            EndTimeUnixNano = 3_500_250,
            Status = new Protos.Status { Code = Protos.Status.Types.StatusCode.Error, Message = "failed" },
            Attributes =
            {
                new KeyValue { Key = "z", Value = new AnyValue { StringValue = "text" } },
                new KeyValue { Key = "y", Value = new AnyValue { BoolValue = true } },
                Pair("x", -7),
                new KeyValue { Key = "w", Value = new AnyValue { DoubleValue = 1.5 } },
                new KeyValue { Key = "v", Value = new AnyValue { BytesValue = Exporter.Bytes(2, 0xff) } },
                new KeyValue { Key = "u", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { Number(1), new AnyValue() } } } },
                new KeyValue
                {
                    Key = "t",
                    Value = new AnyValue { KvlistValue = new KeyValueList { Values = { Pair("k", 2) } } },
                },
                new KeyValue { Key = "s" },
            },
            Events = { new Span.Types.Event { Name = "exception", TimeUnixNano = 2_000_000, Attributes = { Pair("e", 3) } } },
            Links = { new Span.Types.Link { TraceId = Exporter.Bytes(16, 0xcd), SpanId = Exporter.Bytes(8, 0x56), Attributes = { Pair("l", 4) } } },
        });

        var answer = await exporter.PostAsync(request.ToByteArray(), Stop);

        Assert.AreEqual("200 application/x-protobuf", answer);
        var span = receiver.Spans.Single();
        Assert.AreEqual(string.Concat(Enumerable.Repeat("ab", 16)), span.TraceId);
        Assert.AreEqual("1212121212121212", span.SpanId);
        Assert.AreEqual("3434343434343434", span.ParentSpanId);
        Assert.IsTrue(span.ParentIsRemote);
        Assert.AreEqual("vendor=1", span.TraceState);
        Assert.AreEqual("GET /", span.Name);
        Assert.AreEqual(SpanKind.Client, span.Kind);
        Assert.AreEqual(1_000_000UL, span.StartUnixNano);
        Assert.AreEqual(3_500_250UL, span.EndUnixNano);
        Assert.AreEqual(TimeSpan.FromTicks(25_002), span.Duration);
        Assert.AreEqual(SpanStatusCode.Error, span.StatusCode);
        Assert.AreEqual("failed", span.StatusMessage);
        Assert.AreEqual("scope 1.2", $"{span.ScopeName} {span.ScopeVersion}");
        Assert.AreEqual("shop", span.Resource["service.name"]);

        Assert.AreEqual("z y x w v u t s", string.Join(' ', span.Attributes.Keys));
        Assert.AreEqual("text", span.Attributes["z"]);
        Assert.IsTrue((bool?)span.Attributes["y"]);
        Assert.AreEqual(-7L, span.Attributes["x"]);
        Assert.AreEqual(1.5, span.Attributes["w"]);
        CollectionAssert.AreEqual(new byte[] { 0xff, 0xff }, (byte[]?)span.Attributes["v"]);
        CollectionAssert.AreEqual(new object?[] { 1L, null }, ((IReadOnlyList<object?>?)span.Attributes["u"])?.ToArray());
        Assert.AreEqual(2L, ((IReadOnlyDictionary<string, object?>?)span.Attributes["t"])?["k"]);
        Assert.IsNull(span.Attributes["s"]);

        var (happened, link) = (span.Events.Single(), span.Links.Single());
        Assert.AreEqual("exception 2000000 3", $"{happened.Name} {happened.TimeUnixNano} {happened.Attributes["e"]}");
        Assert.AreEqual(string.Concat(Enumerable.Repeat("cd", 16)), link.TraceId);
        Assert.AreEqual("5656565656565656 4", $"{link.SpanId} {link.Attributes["l"]}");
    }

    [TestMethod]
    public async Task Gzip_is_unpacked_and_counted_unpacked()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        var body = Exporter.Request(new string('x', 10_000)).ToByteArray();

        Assert.AreEqual("200 application/x-protobuf", await exporter.PostAsync(Exporter.Gzip(body), Stop, encoding: "gzip"));

        Assert.AreEqual(new string('x', 10_000), receiver.Spans.Single().Name);
        Assert.AreEqual(body.Length, receiver.BytesReceived);
        Assert.AreEqual(1, receiver.RequestsReceived);
    }

    [TestMethod]
    public async Task Grpc_spans_arrive()
    {
        await using var receiver = await StartAsync();
        using var channel = GrpcChannel.ForAddress(receiver.GrpcEndpoint);
        var request = Exporter.Request("over grpc");

        var answer = await new TraceService.TraceServiceClient(channel).ExportAsync(request, cancellationToken: Stop);

        Assert.AreEqual(new ExportTraceServiceResponse(), answer);
        Assert.AreEqual("over grpc", receiver.Spans.Single().Name);
        Assert.AreEqual(request.CalculateSize(), receiver.BytesReceived);
    }

    [TestMethod]
    public async Task Grpc_takes_gzip_and_requests_larger_than_its_usual_4_MiB()
    {
        await using var receiver = await StartAsync();
        using var channel = GrpcChannel.ForAddress(receiver.GrpcEndpoint);
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var request = Exporter.Request(new string('x', 60_000));
        for (var i = 1; i < 100; i++)
            request.ResourceSpans.Add(Exporter.Request(new string('x', 60_000)).ResourceSpans);
        await new TraceService.TraceServiceClient(channel).ExportAsync(request, headers, cancellationToken: Stop);

        Assert.AreEqual(100 * 60_000, receiver.Spans.Sum(span => span.Name.Length));
    }

    [TestMethod]
    public async Task A_span_with_a_broken_id_is_refused_with_a_sentence_and_the_others_are_taken()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        using var channel = GrpcChannel.ForAddress(receiver.GrpcEndpoint);
        var request = Exporter.Request(new Span { TraceId = Exporter.Bytes(16, 1), SpanId = Exporter.Bytes(3, 1), Name = "odd" });
        request.ResourceSpans.Add(Exporter.Request(new Span { TraceId = Exporter.Bytes(16, 0), SpanId = Exporter.Bytes(8, 1), Name = "none" }).ResourceSpans);
        request.ResourceSpans.Add(Exporter.Request("good").ResourceSpans);
        const string Sentence = "The span_id of span 'odd' has 3 bytes; it must have 8. (2 spans are refused for such reasons.)";

        var overGrpc = await new TraceService.TraceServiceClient(channel).ExportAsync(request, cancellationToken: Stop);
        var overHttp = ExportTraceServiceResponse.Parser.ParseFrom(await exporter.PostForBytesAsync(request.ToByteArray(), Stop));
        var json = await exporter.PostAsync(System.Text.Encoding.UTF8.GetBytes(
            """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"01","spanId":"0101010101010101","name":"odd"}]}]}]}"""), Stop, type: "application/json; charset=utf-8");

        Assert.AreEqual($"2 {Sentence}", $"{overGrpc.PartialSuccess.RejectedSpans} {overGrpc.PartialSuccess.ErrorMessage}");
        Assert.AreEqual(overGrpc, overHttp);
        Assert.AreEqual(
            """200 application/json {"partialSuccess":{"rejectedSpans":"1","errorMessage":"The trace_id of span \u0027odd\u0027 has 1 bytes; it must have 16."}}""", json);
        Assert.AreEqual("good good", string.Join(' ', receiver.Spans.Select(span => span.Name)));
    }

    [TestMethod]
    public async Task What_cannot_be_read_is_refused_with_a_sentence_and_leaves_nothing()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        using var channel = GrpcChannel.ForAddress(receiver.GrpcEndpoint);

        Assert.AreEqual("400 The body is not valid protobuf: It has a field of number 0.", await RefusedAsync([0, 0, 0]));
        Assert.AreEqual("400 The body is not valid protobuf: It ends within field 1, which should have 100 bytes.", await RefusedAsync([10, 100, 1]));
        Assert.StartsWith("400 The body is not valid gzip: ", await RefusedAsync([1, 2, 3], "gzip"));
        Assert.StartsWith("400 The body is not valid protobuf: It ends within field 1", await RefusedAsync(Exporter.Gzip(Exporter.Request("cut").ToByteArray())[..^12], "gzip"));
        Assert.StartsWith("400 The body is not valid deflate: ", await RefusedAsync([1, 2, 3], "deflate"));
        Assert.AreEqual("415 Content-Encoding 'br' is not accepted; send gzip, deflate or none.", await RefusedAsync([], "br"));
        Assert.AreEqual("413 The body is larger than 64 MiB.", await RefusedAsync(Exporter.Gzip(new byte[OtlpReceiver.MaxRequestBytes + 1]), "gzip"));
        Assert.AreEqual("413 The body is larger than 64 MiB.", await RefusedAsync(new byte[OtlpReceiver.MaxRequestBytes + 1]));
        Assert.AreEqual(
            "415 text/plain Content-Type 'text/json' is not accepted; "
            + "send application/x-protobuf (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf) or application/json.",
            await exporter.PostAsync([], Stop, type: "text/json; charset=utf-8"));
        Assert.StartsWith("""400 application/json {"code":3,"message":"The body is not valid OTLP/JSON: """, await exporter.PostAsync("[1"u8.ToArray(), Stop, type: "application/json"));
        Assert.AreEqual(
            "404 text/plain There is no POST /v1/logs here; this receiver takes traces only: POST /v1/traces.",
            await exporter.PostAsync([], Stop, path: "/v1/logs"));
        var raw = new Method<byte[], byte[]>(
            MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes), Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes));
        var error = await Assert.ThrowsExactlyAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(raw, null, new CallOptions(cancellationToken: Stop), [0]).ResponseAsync);
        Assert.AreEqual("InvalidArgument The message is not valid protobuf: It has a field of number 0.", $"{error.StatusCode} {error.Status.Detail}");

        Assert.AreEqual((0L, 0L, 0), (receiver.RequestsReceived, receiver.BytesReceived, receiver.Spans.Count));

        async Task<string> RefusedAsync(byte[] body, string? encoding = null)
        {
            // google.rpc.Status: code is field 1, message field 2, as in our Status (whose message is field 2, too).
            var (status, answer) = await exporter.PostForStatusAsync(body, Stop, encoding);
            return $"{status} {Protos.Status.Parser.ParseFrom(answer).Message}";
        }
    }

    [TestMethod]
    public async Task A_body_of_more_than_30_MB_is_no_surprise_and_what_is_cut_is_said()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);

        Assert.Contains("1 values are cut or left out: texts have at most 64 KiB here", await exporter.PostAsync(Exporter.Request(new string('x', 40 << 20)).ToByteArray(), Stop));
    }

    [TestMethod]
    public async Task The_start_page_says_what_this_is()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);

        Assert.AreEqual("OTLP receiver of Agent.Viewer: POST /v1/traces\n", await exporter.GetAsync("/", Stop));
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Waiting_ends_with_the_request_that_fulfils_the_condition()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        var waiting = receiver.WaitForAsync(spans => spans.Count == 2, Stop);

        await exporter.PostAsync(Exporter.Request("one").ToByteArray(), Stop);
        Assert.IsFalse(waiting.IsCompleted);
        await exporter.PostAsync(Exporter.Request("two").ToByteArray(), Stop);

        Assert.AreEqual("one two", string.Join(' ', (await waiting).Select(span => span.Name)));
        Assert.IsTrue(receiver.WaitForAsync(spans => spans.Count == 2, Stop).IsCompletedSuccessfully);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Waiting_ends_with_an_error_when_the_receiver_stops_or_the_caller_gives_up()
    {
        using var patience = new CancellationTokenSource();
        var receiver = await StartAsync();
        var waiting = receiver.WaitForAsync(spans => spans.Count > 0, Stop);
        var impatient = receiver.WaitForAsync(spans => spans.Count > 0, patience.Token);

        await patience.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => impatient);
        await receiver.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => waiting);
    }

    [TestMethod]
    public async Task Subscribers_get_each_batch_and_the_oldest_spans_are_forgotten()
    {
        await using var receiver = await StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0, SpanCapacity = 2 });
        using var exporter = new Exporter(receiver.HttpEndpoint);
        var batches = new List<string>();
        receiver.Received += spans => batches.Add(string.Join(' ', spans.Select(span => span.Name)));
        var before = receiver.Spans;

        foreach (var name in (string[])["one", "two", "three"])
            await exporter.PostAsync(Exporter.Request(name).ToByteArray(), Stop);
        await exporter.PostAsync([], Stop);

        Assert.AreEqual("one|two|three", string.Join('|', batches));
        Assert.AreEqual("two three", string.Join(' ', receiver.Spans.Select(span => span.Name)));
        Assert.IsEmpty(before);
        Assert.AreEqual(4, receiver.RequestsReceived);
    }

    [TestMethod]
    public async Task A_parent_of_zeros_is_no_parent()
    {
        await using var receiver = await StartAsync();
        using var exporter = new Exporter(receiver.HttpEndpoint);
        var span = new Span { TraceId = Exporter.Bytes(16, 1), SpanId = Exporter.Bytes(8, 1), ParentSpanId = Exporter.Bytes(8, 0), Flags = 0x201 };

        await exporter.PostAsync(Exporter.Request(span).ToByteArray(), Stop);

        Assert.IsNull(receiver.Spans.Single().ParentSpanId);
        Assert.IsFalse(receiver.Spans.Single().ParentIsRemote, "0x200 means nothing without 0x100");
    }

    [TestMethod]
    public async Task A_taken_port_is_named_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var http = await Assert.ThrowsExactlyAsync<IOException>(() => StartAsync(new OtlpReceiverOptions { HttpPort = port, GrpcPort = 0 }));
        var grpc = await Assert.ThrowsExactlyAsync<IOException>(() => StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = port }));
        var same = await Assert.ThrowsExactlyAsync<IOException>(() => StartAsync(new OtlpReceiverOptions { HttpPort = port, GrpcPort = port }));

        var owner = OperatingSystem.IsLinux() ? $" by {File.ReadAllText("/proc/self/comm").Trim()} (process {Environment.ProcessId})" : "";
        Assert.AreEqual($"Port {port} on 127.0.0.1 is taken{owner}; choose another one with --http-port, 0 for any free one.", http.Message);
        Assert.AreEqual($"Port {port} on 127.0.0.1 is taken{owner}; choose another one with --grpc-port, 0 for any free one.", grpc.Message);
        Assert.AreEqual($"Port {port} cannot serve two purposes; choose different ones with --http-port and --grpc-port.", same.Message);
    }

    static KeyValue Pair(string key, long value) => new() { Key = key, Value = Number(value) };

    static AnyValue Number(long value) => new() { IntValue = value };

    Task<OtlpReceiver> StartAsync(OtlpReceiverOptions? options = null) =>
        OtlpReceiver.StartAsync(options ?? new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 }, Stop);
}
