using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Agent.Viewer.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Whatever comes at the ports: the answer that OTLP specifies, and everything can be asked for afterwards.</summary>
[TestClass]
public sealed class IntakeTests(TestContext context)
{
    CancellationToken Stop => context.CancellationToken;

    [TestMethod]
    public async Task Each_cut_and_each_changed_byte_of_a_request_is_taken_or_refused_with_a_status()
    {
        await using var held = await Held.StartAsync(context);
        var whole = Hostile.Request(Hostile.Values().Last(), Hostile.Span(1, 2, 1, "a name")).ToByteArray();
        for (var length = 0; length < whole.Length; length++)
            await TakenOrRefusedAsync(held, whole[..length]);
        var random = new Random(7);
        for (var i = 0; i < 700; i++)
        {
            byte[] changed = [.. whole];
            for (var j = random.Next(1, 4); j > 0; j--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            await TakenOrRefusedAsync(held, changed);
        }

        await held.AskEverythingAsync((int)held.Server.Store.State.Traces);
    }

    [TestMethod]
    public async Task Broken_json_is_refused_with_a_status_in_json()
    {
        await using var held = await Held.StartAsync(context);
        const string Span = """{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000b","name":"x","kind":2,"startTimeUnixNano":"1","endTimeUnixNano":2}""";
        var whole = $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{Span}}]}]}]}""";
        var documents = new List<string>
        {
            "", " ", "null", "[]", "\"x\"", "1", "{", "{}}", "{}{}", "{\"resourceSpans\":{}}", "{\"resourceSpans\":[null,1]}", "{\"resourceSpans\":\"\"}", "{'a':1}", "\u0000", "{\"a\":\u0001}",
            string.Concat(Enumerable.Repeat("[", 100_000)), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), $"{{\"unknown\":{string.Concat(Enumerable.Repeat("[", 300))}{string.Concat(Enumerable.Repeat("]", 300))}}}",
            whole.Replace("\"x\"", "\"\\uZZZZ\"", StringComparison.Ordinal), whole.Replace("\"x\"", "{}", StringComparison.Ordinal), whole.Replace(":2,", ":\"SPAN_KIND_ODD\",", StringComparison.Ordinal),
            whole.Replace(":2,", ":1e99,", StringComparison.Ordinal), whole.Replace("\"1\"", "\"-1\"", StringComparison.Ordinal), whole.Replace("\"1\"", "1.5", StringComparison.Ordinal),
            whole.Replace("\"1\"", $"\"{new string('9', 100_000)}\"", StringComparison.Ordinal), whole.Replace("\"1\"", "\"\ud83d\ude00\"", StringComparison.Ordinal),
            // The 60 characters that are quoted of it end within a character.
            whole.Replace("\"1\"", $"\"{new string('a', 59)}\ud83d\ude00b\"", StringComparison.Ordinal),
            whole.Replace("0000000a", "0000000g", StringComparison.Ordinal), whole.Replace("0000000a", "0000000", StringComparison.Ordinal), whole.Replace("\"x\"", "\"\"", StringComparison.Ordinal) + ",",
        };
        for (var length = 1; length < whole.Length; length++)
            documents.Add(whole[..length]);
        foreach (var document in documents)
        {
            var (status, type, body) = await held.PostAsync(Encoding.UTF8.GetBytes(document), "application/json");
            Assert.AreEqual("400 application/json", $"{status} {type}", document[..Math.Min(300, document.Length)]);
            var answer = JsonElement.Parse(body);
            Assert.AreEqual(3, answer.GetProperty("code").GetInt32());
            Assert.IsGreaterThan(20, answer.GetProperty("message").GetString()!.Length);
        }

        await held.AskEverythingAsync(0);
        foreach (var odd in (string[])[whole.Replace("\"x\"", "\"\\ud83d \\ude00 \\u0000 \\u001b\"", StringComparison.Ordinal), whole.Replace(":2,", ":77,", StringComparison.Ordinal), "\ufeff" + whole,
            whole.Replace("\"name\"", "\"nobody\":[{\"knows\":null}],\"name\"", StringComparison.Ordinal), "{}"])
            Assert.AreEqual(200, (await held.PostAsync(Encoding.UTF8.GetBytes(odd), "application/json")).Status, odd);
        await held.AskEverythingAsync(1);
    }

    [TestMethod]
    public async Task What_is_too_large_packed_wrongly_or_of_another_kind_is_refused_as_the_protocol_says()
    {
        await using var held = await Held.StartAsync(context);
        var one = Hostile.Request(Hostile.Span(1, 1, 0)).ToByteArray();
        foreach (var (expected, body, type, encoding) in ((string, byte[], string, string?)[])
        [
            ("200", one, "application/x-protobuf", "gzip*"), ("200", one, "application/x-protobuf", "deflate*"), ("200", one, "application/x-protobuf", "identity"), ("200", one, "Application/X-Protobuf; charset=x", null),
            ("400", one, "application/x-protobuf", "gzip"), ("400", one, "application/x-protobuf", "deflate"), ("400", Packed(one, "gzip")[..^9], "application/x-protobuf", "gzip"),
            ("400", Packed(one, "gzip")[..20], "application/x-protobuf", "gzip"), ("400", Packed(one, "deflate")[..10], "application/x-protobuf", "deflate"), ("400", one, "application/json", null),
            ("400", "{}"u8.ToArray(), "application/x-protobuf", null), ("415", one, "application/x-protobuf", "br"), ("415", one, "application/json", "gzip, gzip"), ("415", one, "text/plain", null), ("415", one, "", null),
            ("415", one, "application/x-www-form-urlencoded", null), ("413", new byte[OtlpReceiver.MaxRequestBytes + 1], "application/x-protobuf", null),
            ("413", new byte[OtlpReceiver.MaxRequestBytes + 1], "application/json", null), ("413", Packed(new byte[OtlpReceiver.MaxRequestBytes + 1], "gzip"), "application/x-protobuf", "gzip"),
            ("413", Packed(new byte[OtlpReceiver.MaxRequestBytes + 1], "deflate"), "application/json", "deflate"), ("400", new byte[OtlpReceiver.MaxRequestBytes], "application/x-protobuf", null),
            ("400", Packed(new byte[OtlpReceiver.MaxRequestBytes], "gzip"), "application/json", "gzip"),
        ])
        {
            var packs = encoding?.EndsWith('*') == true;
            var (status, answerType, answer) = await held.PostAsync(packs ? Packed(body, encoding!.TrimEnd('*')) : body, type, encoding?.TrimEnd('*'));
            var what = $"{body.Length} bytes, {type}, {encoding}: {Encoding.UTF8.GetString(answer)}";
            Assert.AreEqual(expected, $"{status}", what);
            if (status != 200 && (type is "application/json" or "application/x-protobuf"))
                Assert.AreEqual(type, answerType, what);
            if (status != 200)
                Assert.IsGreaterThan(20, answer.Length, what);
        }

        foreach (var (method, path, expected) in ((string, string, int)[])
            [("GET", "/v1/traces", 405), ("PUT", "/v1/traces", 405), ("DELETE", "/v1/traces", 405), ("OPTIONS", "/v1/traces", 405), ("X", "/v1/traces", 405), ("POST", "/v1/logs", 404), ("POST", "/v1/metrics", 404), ("POST", "/", 404), ("GET", "/x", 404)])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(held.Server.HttpEndpoint, path));
            using var answer = await held.Client.SendAsync(request, Stop);
            Assert.AreEqual(expected, (int)answer.StatusCode, $"{method} {path}");
        }

        await held.AskEverythingAsync(1);
    }

    [TestMethod]
    public async Task Raw_requests_that_are_no_http_or_another_version_end_with_a_status_or_the_connection()
    {
        await using var held = await Held.StartAsync(context);
        foreach (var port in (int[])[held.Server.Endpoint.Port, held.Server.HttpEndpoint.Port, held.Server.GrpcEndpoint.Port])
        {
            foreach (var text in (string[])
            [
                "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxxxxxx",
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", $"GET /{new string('a', 100_000)} HTTP/1.1\r\n", "\u0016\u0003\u0001\u0002\0\u0001\0", "GET /%zz%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 100_000)}\r\n\r\n", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
            ])
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, Stop);
                try
                {
                    using var reader = new StreamReader(client.GetStream());
                    await reader.BaseStream.WriteAsync(Encoding.Latin1.GetBytes(text), Stop);
                    client.Client.Shutdown(SocketShutdown.Send);
                    var answer = await reader.ReadToEndAsync(Stop);
                    Assert.DoesNotStartWith("HTTP/1.1 5", answer.Replace("HTTP/1.1 505", "", StringComparison.Ordinal), text[..Math.Min(100, text.Length)]);
                }
                catch (Exception closed) when (closed is IOException or SocketException)
                {
                    // Closed before all was sent.
                }
            }
        }

        await held.AskEverythingAsync(0);
    }

    [TestMethod]
    public async Task Grpc_answers_broken_messages_with_a_status_and_stays_open()
    {
        await using var held = await Held.StartAsync(context);
        using var channel = GrpcChannel.ForAddress(held.Server.GrpcEndpoint, new GrpcChannelOptions { MaxSendMessageSize = null });
        var method = new Method<byte[], byte[]>(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Raw, Raw);
        var whole = Hostile.Request(Hostile.Span(1, 1, 0)).ToByteArray();
        foreach (var (expected, message) in ((StatusCode, byte[])[])
            [(StatusCode.OK, []), (StatusCode.InvalidArgument, whole[..^1]), (StatusCode.InvalidArgument, [0xff]), (StatusCode.ResourceExhausted, new byte[OtlpReceiver.MaxRequestBytes + 1]), (StatusCode.OK, whole)])
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Stop), message);
            try
            {
                await call.ResponseAsync;
                Assert.IsTrue(expected == StatusCode.OK, $"{expected} was to be expected.");
            }
            catch (RpcException refused)
            {
                Assert.AreEqual(expected, refused.StatusCode, refused.Status.Detail);
                Assert.IsGreaterThan(10, refused.Status.Detail.Length);
            }
        }

        await held.AskEverythingAsync(1);
    }

    [TestMethod]
    public async Task A_request_full_of_processes_and_sources_of_their_own_takes_no_longer_than_its_bytes_say()
    {
        await using var held = await Held.StartAsync(context);
        var request = new ExportTraceServiceRequest();
        for (var i = 0; i < 100_000; i++)
        {
            request.ResourceSpans.Add(new ResourceSpans { Resource = new Resource { Attributes = { Hostile.Pair("k", $"{i}") } }, ScopeSpans = { new ScopeSpans { Scope = new InstrumentationScope { Name = $"{i}" } } } });
        }

        var started = Stopwatch.GetTimestamp();
        Assert.AreEqual((0, ""), await held.SendAsync(request));
        // It took minutes when each was compared with each.
        Assert.IsLessThan(TimeSpan.FromSeconds(10), Stopwatch.GetElapsedTime(started));
        await held.AskEverythingAsync(0);
    }

    [TestMethod]
    public async Task Requests_that_are_broken_at_their_end_take_no_memory_and_push_nothing_out()
    {
        await using var held = await Held.StartAsync(context, new ViewerOptions { MemoryBytes = 16 << 20 });
        await held.SendAsync(Hostile.Request(Hostile.Span(1, 1, 0)));
        var before = held.Server.Store.State.Bytes;
        for (var i = 0; i < 20; i++)
        {
            var many = new ExportTraceServiceRequest();
            for (var j = 0; j < 2000; j++)
                many.ResourceSpans.Add(Hostile.Of($"{i} {j} {new string('x', 1000)}", Hostile.Span(100 + j, 1, 0, $"{i} {j}")).ResourceSpans);
            Assert.AreEqual(400, (await held.PostAsync([.. many.ToByteArray(), 0xff])).Status);
        }

        Assert.IsLessThan(before + (1 << 20), held.Server.Store.State.Bytes);
        await held.SendAsync(Hostile.Request(Hostile.Span(2, 1, 0)));
        await held.AskEverythingAsync(2);
        Assert.AreEqual("shop", string.Join(' ', held.Server.Store.Services()));
    }

    [TestMethod]
    public async Task A_million_empty_spans_are_refused_with_their_count()
    {
        await using var held = await Held.StartAsync(context);
        var scope = new MemoryStream();
        for (var i = 0; i < 1_000_000; i++)
            scope.Write([0x12, 0]);
        var (rejected, message) = await held.SendAsync(Wrap(Wrap(scope.ToArray(), 2), 1));
        Assert.AreEqual(1_000_000, rejected);
        Assert.Contains("1000000 spans are refused", message);
        await held.AskEverythingAsync(0);
    }

    [TestMethod]
    public async Task A_trace_of_two_hundred_thousand_spans_deep_wide_and_in_circles_is_answered()
    {
        await using var held = await Held.StartAsync(context);
        const int Count = StoreLimits;
        // One below the other; all below one; each its own parent.
        foreach (var (trace, count, parent) in ((int, int, Func<int, int>)[])[(1, Count, static i => i - 1), (2, 100_000, static i => i == 1 ? 0 : 1), (3, 100_000, static i => i)])
        {
            for (var first = 1; first <= count; first += 50_000)
            {
                var spans = Enumerable.Range(first, 50_000).Select(i => Hostile.Span(trace, i, parent(i), $"span {i}", Hostile.Now + (ulong)i, Hostile.Now + 1_000_000));
                Assert.AreEqual((0, ""), await held.SendAsync(Hostile.Request(spans)));
            }
        }

        var (rejected, message) = await held.SendAsync(Hostile.Request(Hostile.Span(1, Count + 1, 1), Hostile.Span(4, 1, 0)));
        Assert.AreEqual((1, "1 spans are refused: their trace has 200000 already."), (rejected, message));
        foreach (var id in (string[])["1", "2", "3", "4"])
        {
            // Too large to look at each element of it here.
            foreach (var path in (string[])[$"/trace/{id}/span/0000000000000001/json", $"/trace/{id}", $"/api/traces/{id}", $"/compare?a={id}&b=4"])
            {
                using var answer = await held.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Stop);
                Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, path);
                await answer.Content.CopyToAsync(Stream.Null, Stop);
            }
        }

        foreach (var path in (string[])["/", "/routes", "/map", "/api/dependencies", "/?q=name=*7&order=MostSpans", "/trace/1/find?q=span+199999"])
            Assert.AreEqual(200, (await held.GetAsync(path)).Status, path);
        await using var client = await held.ConnectAsync();
        foreach (var id in (string[])["1", "2", "3"])
            Assert.DoesNotStartWith("error", await held.CallAsync(client, "get_trace", ("trace_id", id)));
    }

    const int StoreLimits = Agent.Viewer.Storage.StoreLimits.SpansPerTrace;

    static Marshaller<byte[]> Raw { get; } = Marshallers.Create<byte[]>(static bytes => bytes, static bytes => bytes);

    static async Task TakenOrRefusedAsync(Held held, byte[] request)
    {
        var (status, type, body) = await held.PostAsync(request);
        Assert.AreEqual("application/x-protobuf", type);
        Assert.IsTrue(status is 200 or 400, $"{status}");
        if (status == 200)
            _ = ExportTraceServiceResponse.Parser.ParseFrom(body);
        else
            Assert.AreEqual(0x08, body[0], "google.rpc.Status begins with its code.");
    }

    static byte[] Wrap(byte[] content, int field)
    {
        var message = new MemoryStream();
        using (var output = new CodedOutputStream(message, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return message.ToArray();
    }

    static byte[] Packed(byte[] content, string encoding)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(content);
        return packed.ToArray();
    }
}
