using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Spans that no SDK sends, and that are nevertheless OTLP.</summary>
static class Hostile
{
    public const ulong Now = 1_767_323_045_000_000_000;

    /// <summary>Markup, quotes of both kinds, control characters of both sets, line and direction marks, what ends a script, a comment and a JSON text.</summary>
    public const string Planted = "\"'`><planted onload=x></script><!--]]>{{x}}@x javascript:x &lt;&#0;\\\"\u0000\u0007\b\u001b[31m\u007f\u0085\u009b31m\u2028\u2029\u202e\ufeff\ufffe\r\n😀";

    public static byte[] TraceId(int number) => [.. new byte[12], .. BitConverter.GetBytes(number).Reverse()];

    public static byte[] SpanId(int number) => [.. new byte[4], .. BitConverter.GetBytes(number).Reverse()];

    public static Span Span(int trace, int id, int parent, string name = "GET /a", ulong start = Now, ulong end = Now + 1_000_000) => new()
    {
        TraceId = ByteString.CopyFrom(TraceId(trace)),
        SpanId = ByteString.CopyFrom(SpanId(id)),
        ParentSpanId = parent == 0 ? ByteString.Empty : ByteString.CopyFrom(SpanId(parent)),
        Name = name,
        Kind = Protos.Span.Types.SpanKind.Server,
        StartTimeUnixNano = start,
        EndTimeUnixNano = end,
    };

    public static ExportTraceServiceRequest Request(params IEnumerable<Span> spans) => Of("shop", spans);

    public static ExportTraceServiceRequest Of(string service, params IEnumerable<Span> spans) => new()
    {
        ResourceSpans =
        {
            new ResourceSpans { Resource = new Resource { Attributes = { Pair("service.name", service) } }, ScopeSpans = { new ScopeSpans { Scope = new InstrumentationScope { Name = "s" }, Spans = { spans } } } },
        },
    };

    public static KeyValue Pair(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    /// <summary>Times at the edges of what a number holds, ends before starts, years between spans.</summary>
    public static IEnumerable<Span> Times()
    {
        ulong[] edges = [0, 1, Now, long.MaxValue, (ulong)long.MaxValue + 1, ulong.MaxValue - 1, ulong.MaxValue];
        var trace = 100;
        foreach (var start in edges)
        {
            foreach (var end in edges)
                yield return Span(++trace, 1, 0, "GET /times", start, end);
        }

        // All in one trace, beside and below each other.
        var id = 0;
        foreach (var start in edges)
        {
            foreach (var end in edges)
            {
                yield return Span(99, ++id, id == 1 ? 0 : id % 3 == 0 ? 1 : id - 1, "GET /edges", start, end);
            }
        }
    }

    /// <summary>Parents that are themselves, each other, in a ring, absent; the same id twice with other content.</summary>
    public static IEnumerable<Span> Parents()
    {
        yield return Span(1, 1, 1);
        yield return Span(2, 1, 2);
        yield return Span(2, 2, 1);
        for (var i = 1; i <= 50; i++)
            yield return Span(3, i, i % 50 + 1, start: Now + (ulong)i);
        // A ring with a tree below, and a root beside it.
        yield return Span(4, 1, 2);
        yield return Span(4, 2, 1);
        yield return Span(4, 3, 2);
        yield return Span(4, 4, 0);
        yield return Span(5, 2, 77);
        yield return Span(6, 1, 0, "first");
        yield return Span(6, 1, 0, "second");
        yield return Span(6, 1, 1, "third", 0, ulong.MaxValue);
    }

    /// <summary>Every kind of value, every number that JSON does not have, nothing at all.</summary>
    public static IEnumerable<Span> Values()
    {
        var span = Span(11, 1, 0);
        var numbers = new double[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, -0.0 };
        foreach (var number in numbers)
        {
            span.Attributes.Add(new KeyValue { Key = $"double {number}", Value = new AnyValue { DoubleValue = number } });
            span.Attributes.Add(new KeyValue { Key = "http.response.status_code", Value = new AnyValue { DoubleValue = number } });
        }

        foreach (var number in new[] { long.MinValue, long.MaxValue })
            span.Attributes.Add(new KeyValue { Key = $"int {number}", Value = new AnyValue { IntValue = number } });
        span.Attributes.Add(new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { numbers.Select(number => new AnyValue { DoubleValue = number }) } } } });
        span.Attributes.Add(new KeyValue { Key = "no value" });
        span.Attributes.Add(new KeyValue());
        span.Attributes.Add(new KeyValue { Key = "empty", Value = new AnyValue() });
        span.Attributes.Add(new KeyValue { Key = "bytes", Value = new AnyValue { BytesValue = ByteString.CopyFrom([0, 255, 27]) } });
        span.Attributes.Add(new KeyValue { Key = "list in lists", Value = Nested(500, static inner => new AnyValue { ArrayValue = new ArrayValue { Values = { inner } } }) });
        span.Attributes.Add(new KeyValue { Key = "map in maps", Value = Nested(500, static inner => new AnyValue { KvlistValue = new KeyValueList { Values = { new KeyValue { Key = "k", Value = inner } } } }) });
        span.Attributes.Add(Pair("long", new string('x', 100_000)));
        span.Attributes.Add(Pair("url.full", "http://" + new string('x', 3000)));
        span.Attributes.Add(Pair("code.file.path", "/src/" + new string('ä', 3000)));
        span.DroppedAttributesCount = span.DroppedEventsCount = span.DroppedLinksCount = uint.MaxValue;
        span.Events.Add(new Span.Types.Event());
        span.Events.Add(new Span.Types.Event { Name = "exception", TimeUnixNano = ulong.MaxValue });
        span.Links.Add(new Span.Types.Link());
        span.Links.Add(new Span.Types.Link { TraceId = ByteString.CopyFrom([1]), SpanId = ByteString.CopyFrom([2]) });
        yield return span;
        yield return new Span { TraceId = ByteString.CopyFrom(TraceId(12)), SpanId = ByteString.CopyFrom(SpanId(1)) };
        yield return Span(13, 1, 0, new string('n', 100_000));
        var unknown = Span(14, 1, 0);
        (unknown.Kind, unknown.Flags, unknown.Status) = ((Span.Types.SpanKind)77, uint.MaxValue, new Status { Code = (Status.Types.StatusCode)(-5), Message = "?" });
        yield return unknown;

        static AnyValue Nested(int depth, Func<AnyValue, AnyValue> wrap)
        {
            var value = new AnyValue { StringValue = "core" };
            for (var i = 0; i < depth && i < 90; i++) // deeper, the library that writes it refuses
                value = wrap(value);
            return value;
        }
    }

    /// <summary>The same text in every field that has one.</summary>
    public static ExportTraceServiceRequest Everywhere(string text)
    {
        string[] names =
        [
            text, "service.name", "http.route", "url.path", "url.full", "http.request.method", "http.response.status_code", "dispatch.kind", "dispatch.result.type", "dispatch.result.location", "dispatch.result.status",
            "dispatch.endpoint.kind", "dispatch.handler.name", "dispatch.modelstate.error_count", "dispatch.authorization.result", "dispatch.view.path", "db.system.name", "db.query.text", "db.query.summary", "messaging.system",
            "messaging.destination.name", "rpc.response.status_code", "error.type", "code.file.path", "code.line.number", "code.function.name", "exception.type", "exception.message", "exception.stacktrace", "job.type",
        ];
        KeyValue[] pairs =
        [
            .. names.Select(name => Pair(name, text)), new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = text } } } } },
            new KeyValue { Key = "map", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { Pair(text, text) } } } },
        ];
        var request = new ExportTraceServiceRequest();
        for (var trace = 1; trace <= 3; trace++)
        {
            var process = new ResourceSpans { Resource = new Resource { Attributes = { pairs.Where(static pair => pair.Key != "service.name"), Pair("service.name", trace == 1 ? text : $"{trace}{text}") } }, SchemaUrl = text };
            var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = text, Version = text, Attributes = { pairs } }, SchemaUrl = text };
            for (var id = 1; id <= 6; id++)
            {
                var span = Span(trace == 3 ? 1 : trace, trace * 10 + id, id == 1 ? trace == 3 ? 11 : 0 : trace * 10 + id / 2, id == 6 ? "/*" + text : text, Now + (ulong)id * 1000, Now + 1_000_000);
                span.TraceState = text;
                span.Kind = (Span.Types.SpanKind)(id - 1);
                span.Status = new Status { Code = id % 2 == 0 ? Status.Types.StatusCode.Error : Status.Types.StatusCode.Ok, Message = text };
                span.Attributes.Add(id == 3 ? pairs.Select(pair => pair.Key == "dispatch.kind" ? Pair(pair.Key, "hook") : pair) : pairs);
                span.Events.Add(new Span.Types.Event { Name = text, TimeUnixNano = Now, Attributes = { pairs } });
                span.Events.Add(new Span.Types.Event
                {
                    Name = "exception",
                    TimeUnixNano = Now,
                    Attributes = { Pair("exception.type", text), Pair("exception.message", text), Pair("exception.stacktrace", $"{text}\n   at {text}({text}) in {text}:line 7\n   at A.B() in /src/{text}.cs:line 7") },
                });
                span.Links.Add(new Span.Types.Link { TraceId = ByteString.CopyFrom(TraceId(1)), SpanId = ByteString.CopyFrom(SpanId(1)), TraceState = text, Attributes = { pairs } });
                scope.Spans.Add(span);
            }

            process.ScopeSpans.Add(scope);
            request.ResourceSpans.Add(process);
        }

        return request;
    }
}
