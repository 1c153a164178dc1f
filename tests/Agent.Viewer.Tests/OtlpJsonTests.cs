using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Viewer.Otlp;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests;

/// <summary>OTLP's JSON against Google's own classes: what those write as JSON (but for the ids) and read as protobuf.</summary>
[TestClass]
public sealed class OtlpJsonTests
{
    static readonly string[] Texts = ["", "a", "GET /orders/{id}", "ä€😀", "\"quoted\" \\ / \b\f\n\r\t\0\u001f\u2028", "</script><script>alert(1)</script>", new string('x', 300)];

    [TestMethod]
    public void Random_messages_are_the_same_in_both_encodings()
    {
        for (var seed = 0; seed < 800; seed++)
        {
            var random = new Random(seed);
            var message = new ExportTraceServiceRequest { ResourceSpans = { Some(random, 3, () => RandomProcess(random)) } };
            var json = JsonNode.Parse(JsonFormatter.Default.Format(message))!;
            Vary(json, random);
            var text = json.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
            var read = ExportTraceServiceRequest.Parser.ParseFrom(OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(text)).Span);
            Assert.AreEqual(message, read, $"Seed {seed}: {text}");
        }
    }

    [TestMethod]
    [DataRow("""{"intValue":"-5"}""", "int -5")]
    [DataRow("""{"intValue":-5}""", "int -5")]
    [DataRow("""{"intValue":9007199254740992}""", "int 9007199254740992")]
    [DataRow("""{"intValue":"9223372036854775807"}""", "int 9223372036854775807")]
    [DataRow("""{"intValue":1e3}""", "int 1000")]
    [DataRow("""{"intValue":"2.0"}""", "int 2")]
    [DataRow("""{"intValue":0}""", "int 0")]
    [DataRow("""{"doubleValue":1}""", "double 1")]
    [DataRow("""{"doubleValue":"1.5"}""", "double 1.5")]
    [DataRow("""{"doubleValue":"NaN"}""", "double NaN")]
    [DataRow("""{"doubleValue":"-Infinity"}""", "double -Infinity")]
    [DataRow("""{"doubleValue":-0.0}""", "double -0")]
    [DataRow("""{"boolValue":"true"}""", "bool True")]
    [DataRow("""{"boolValue":false}""", "bool False")]
    [DataRow("""{"bytesValue":"+/8="}""", "bytes fbff")]
    [DataRow("""{"bytesValue":"-_8"}""", "bytes fbff")]
    [DataRow("""{"stringValue":"half of \ud83d, \u00e4 and \/ and \ud83d\ude00"}""", "string half of �, ä and / and 😀")]
    [DataRow("""{"st\u0072ingValue":"escaped name"}""", "string escaped name")]
    [DataRow("""{"arrayValue":{"values":[{"intValue":1},null,{}]}}""", "array 3")]
    [DataRow("""{"kvlistValue":{"values":[{"key":"a"},null]}}""", "map 1")]
    [DataRow("""{"stringValue":null,"newValue":{"a":[1,{"b":2}]}}""", "nothing")]
    [DataRow("null", "nothing")]
    public void Values_are_read_as_senders_write_them(string value, string expected)
    {
        var read = Read("""{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":""" + value + "}]}}]}").ResourceSpans[0].Resource.Attributes[0].Value;
        Assert.AreEqual(expected, read?.ValueCase switch
        {
            AnyValue.ValueOneofCase.IntValue => $"int {read.IntValue}",
            AnyValue.ValueOneofCase.DoubleValue => string.Create(CultureInfo.InvariantCulture, $"double {read.DoubleValue}"),
            AnyValue.ValueOneofCase.BoolValue => $"bool {read.BoolValue}",
            AnyValue.ValueOneofCase.BytesValue => $"bytes {Convert.ToHexStringLower(read.BytesValue.Span)}",
            AnyValue.ValueOneofCase.StringValue => $"string {read.StringValue}",
            AnyValue.ValueOneofCase.ArrayValue => $"array {read.ArrayValue.Values.Count}",
            AnyValue.ValueOneofCase.KvlistValue => $"map {read.KvlistValue.Values.Count}",
            _ => "nothing",
        });
    }

    [TestMethod]
    public void A_span_of_JavaScripts_exporter_is_read()
    {
        var span = Read("""
            {"resourceSpans":[{"resource":{"attributes":[],"droppedAttributesCount":0},"scopeSpans":[{"scope":{"name":"s"},"spans":[{
              "traceId":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","spanId":"0102030405060708","parentSpanId":"","name":"GET","kind":2,"flags":257,
              "startTimeUnixNano":"1767323045000000001","endTimeUnixNano":1767323045000000002,"droppedEventsCount":3,"status":{"code":"STATUS_CODE_ERROR"}}]}]}]}
            """).ResourceSpans[0].ScopeSpans[0].Spans[0];
        Assert.AreEqual(new string('a', 32), Convert.ToHexStringLower(span.TraceId.Span));
        Assert.AreEqual((0, 257u, 3u), (span.ParentSpanId.Length, span.Flags, span.DroppedEventsCount));
        Assert.AreEqual((1767323045000000001u, 1767323045000000002u), (span.StartTimeUnixNano, span.EndTimeUnixNano));
        Assert.AreEqual((Span.Types.SpanKind.Server, Status.Types.StatusCode.Error), (span.Kind, span.Status.Code));
    }

    [TestMethod]
    [DataRow("", "It is empty; expected is a JSON object with resourceSpans.")]
    [DataRow("[]", "The whole: an array is not an object.")]
    [DataRow("{} {}", "The whole: ")]
    [DataRow("""{"resourceSpans":{}}""", "resourceSpans: an object is not an array.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{},{"name":5}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[1].name: '5' is not a text.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"qrvM"}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].traceId: 'qrvM' is not an id in hexadecimal digits, two for each byte.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":-1}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: '-1' is not a whole number of nanoseconds.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"18446744073709551616"}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: '18446744073709551616' is not a whole number of nanoseconds.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SERVER"}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].kind: 'SERVER' is not one of SPAN_KIND_UNSPECIFIED, ")]
    [DataRow("""{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":{"intValue":1.5}}]}}]}""", "resourceSpans[0].resource.attributes[0].value.intValue: '1.5' is not a whole number of 64 bits.")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[""", "resourceSpans[0].scopeSpans: ")]
    [DataRow("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a" "b"}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0]: ")]
    public void What_is_wrong_is_said_with_its_place(string json, string expected)
    {
        Assert.StartsWith(expected, Assert.ThrowsExactly<InvalidDataException>(() => OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json))).Message);
    }

    [TestMethod]
    public void Nesting_has_a_bound()
    {
        Assert.IsNotNull(Read(Nested(25)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Read(Nested(40))).Message, "it is nested deeper than 64 levels.", StringComparison.Ordinal);
        Assert.ThrowsExactly<InvalidDataException>(() => Read(Nested(100_000)));
        Assert.ThrowsExactly<InvalidDataException>(() => Read("""{"unknown":""" + new string('[', 100_000)));

        static string Nested(int depth) =>
            """{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":""" +
            string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", depth)) + "{}" + string.Concat(Enumerable.Repeat("]}}", depth)) + "}]}}]}";
    }

    [TestMethod]
    public void No_cut_or_flipped_byte_gives_anything_but_a_message_or_a_sentence()
    {
        var random = new Random(1);
        var message = new ExportTraceServiceRequest { ResourceSpans = { RandomProcess(random) } };
        var json = JsonNode.Parse(JsonFormatter.Default.Format(message))!;
        Vary(json, random);
        var whole = Encoding.UTF8.GetBytes(json.ToJsonString());
        for (var i = 0; i < 5_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (bytes.Length > 0)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                ExportTraceServiceRequest.Parser.ParseFrom(OtlpJson.ToProtobuf(bytes).Span);
            }
            catch (InvalidDataException said)
            {
                Assert.IsGreaterThan(10, said.Message.Length);
            }
        }
    }

    [TestMethod]
    public void A_file_may_have_several_documents_and_Jaegers_wrapper()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + """
            {"resourceSpans":[{"schemaUrl":"a"}]}
            {"result":{"resourceSpans":[{"schemaUrl":"b"},{"schemaUrl":"c"}]}}
            """);
        var read = ExportTraceServiceRequest.Parser.ParseFrom(OtlpJson.ToProtobuf(bytes, severalDocuments: true).Span);
        Assert.AreEqual("a b c", string.Join(' ', read.ResourceSpans.Select(process => process.SchemaUrl)));
    }

    static ExportTraceServiceRequest Read(string json) => ExportTraceServiceRequest.Parser.ParseFrom(OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json)).Span);

    static List<T> Some<T>(Random random, int most, Func<T> make) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];

    static ResourceSpans RandomProcess(Random random) => new()
    {
        Resource = random.Next(4) == 0 ? null : new Resource { Attributes = { Attributes(random) } },
        SchemaUrl = Text(random),
        ScopeSpans =
        {
            Some(random, 3, () => new ScopeSpans
            {
                Scope = random.Next(4) == 0 ? null : new InstrumentationScope { Name = Text(random), Version = Text(random), Attributes = { Attributes(random) } },
                SchemaUrl = Text(random),
                Spans = { Some(random, 4, () => RandomSpan(random)) },
            }),
        },
    };

    static Span RandomSpan(Random random) => new()
    {
        TraceId = Bytes(random, 16),
        SpanId = Bytes(random, 8),
        ParentSpanId = Bytes(random, random.Next(2) * 8),
        TraceState = Text(random),
        Name = Text(random),
        Kind = (Span.Types.SpanKind)random.Next(8), // two that nobody knows yet
        StartTimeUnixNano = (ulong)random.NextInt64(),
        EndTimeUnixNano = random.Next(9) == 0 ? ulong.MaxValue : (ulong)random.NextInt64(),
        Attributes = { Attributes(random) },
        DroppedAttributesCount = (uint)random.Next(3),
        DroppedEventsCount = uint.MaxValue,
        DroppedLinksCount = (uint)random.Next(3),
        Events = { Some(random, 2, () => new Span.Types.Event { Name = Text(random), TimeUnixNano = (ulong)random.NextInt64(), Attributes = { Attributes(random) } }) },
        Links =
        {
            Some(random, 2, () => new Span.Types.Link
            {
                TraceId = Bytes(random, 16), SpanId = Bytes(random, 8), TraceState = Text(random), Flags = (uint)random.Next(1024), Attributes = { Attributes(random) },
            }),
        },
        Status = random.Next(3) == 0 ? null : new Status { Message = Text(random), Code = (Status.Types.StatusCode)random.Next(3) },
        Flags = (uint)random.Next(1024),
    };

    static List<KeyValue> Attributes(Random random, int depth = 0) => Some(random, 3, () => new KeyValue { Key = Text(random), Value = random.Next(9) == 0 ? null : Value(random, depth) });

    static AnyValue Value(Random random, int depth) => random.Next(depth > 4 ? 5 : 8) switch
    {
        0 => new AnyValue { StringValue = Text(random) },
        1 => new AnyValue { BoolValue = random.Next(2) == 0 },
        2 => new AnyValue { IntValue = random.Next(3) == 0 ? long.MinValue : random.NextInt64(-1000, 1000) },
        3 => new AnyValue { DoubleValue = random.Next(5) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => 1e300, _ => random.NextDouble() } },
        4 => new AnyValue { BytesValue = Bytes(random, random.Next(5)) },
        5 => new AnyValue { ArrayValue = new ArrayValue { Values = { Some(random, 3, () => Value(random, depth + 1)) } } },
        6 => new AnyValue { KvlistValue = new KeyValueList { Values = { Attributes(random, depth + 1) } } },
        _ => new AnyValue(),
    };

    static string Text(Random random) => Texts[random.Next(Texts.Length)];

    static ByteString Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>Ids become hexadecimal; integers become numbers here and there, as some senders have them; fields and nulls that nobody knows come in.</summary>
    static void Vary(JsonNode? node, Random random)
    {
        foreach (var item in (node as JsonArray) ?? [])
            Vary(item, random);
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            var parent = (JsonObject)node!;
            if (name is "traceId" or "spanId" or "parentSpanId")
                parent[name] = random.Next(2) == 0 ? Convert.ToHexString(Convert.FromBase64String((string)value!)) : Convert.ToHexStringLower(Convert.FromBase64String((string)value!));
            else if (name is "intValue" && random.Next(2) == 0)
                parent[name] = long.Parse((string)value!, CultureInfo.InvariantCulture);
            else if (name is "startTimeUnixNano" or "endTimeUnixNano" or "timeUnixNano" && random.Next(2) == 0)
                parent[name] = ulong.Parse((string)value!, CultureInfo.InvariantCulture);
            else
                Vary(value, random);
        }

        if (node is JsonObject more && random.Next(9) == 0 && !more.ContainsKey("unknown"))
            more["unknown"] = random.Next(2) == 0 ? null : new JsonArray(new JsonObject { ["key"] = 1 });
    }
}
