using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Storage;

/// <summary>Requests with everything that OTLP allows, and some of what it does not say; the same ones for the same seed.</summary>
sealed class RandomTraces(int seed)
{
    static readonly string[] Texts =
        ["", "GET /orders/{id}", "SELECT Products", "middleware Visitor", "shop", "bank", "Ünïcödé ☃ 🎄", "http.route", "db.system.name", "200", "404", "1.5", "true", "a=b", "with \"quotes\"", "line\nbreak", "exception"];

    readonly Random _random = new(seed);
    int _names;
    readonly List<ByteString> _traces = [];

    /// <summary>Whether attributes of the same name may stand side by side, which OTLP forbids.</summary>
    public bool HasTwins { get; init; }

    /// <summary>A request with spans of a few new traces and perhaps of older ones.</summary>
    public ExportTraceServiceRequest Request()
    {
        var request = new ExportTraceServiceRequest();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var process = new ResourceSpans { SchemaUrl = Text() };
            if (_random.Next(4) > 0)
                process.Resource = new Resource { Attributes = { new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = _random.Next(2) == 0 ? "shop" : "bank" } } } };
            for (var j = _random.Next(3); j > 0 && process.Resource is not null; j--)
                process.Resource.Attributes.Add(Pair());
            for (var j = _random.Next(1, 3); j > 0; j--)
            {
                var scope = new ScopeSpans();
                if (_random.Next(3) > 0)
                    scope.Scope = new InstrumentationScope { Name = Text(), Version = Text() };
                for (var k = _random.Next(6); k > 0; k--)
                    scope.Spans.Add(Span());
                process.ScopeSpans.Add(scope);
            }

            request.ResourceSpans.Add(process);
        }

        return request;
    }

    /// <summary>One of the texts that occur.</summary>
    public string Text() => Texts[_random.Next(Texts.Length)];

    public int Number(int below) => _random.Next(below);

    Span Span()
    {
        if (_traces.Count == 0 || _random.Next(4) == 0)
            _traces.Add(Id(16));
        var start = 1_767_323_045_000_000_000UL + (ulong)_random.NextInt64(10_000_000_000);
        var span = new Span
        {
            TraceId = _traces[^_random.Next(1, Math.Min(5, _traces.Count) + 1)],
            SpanId = Id(8),
            Name = Text(),
            Kind = (Span.Types.SpanKind)_random.Next(6),
            StartTimeUnixNano = start,
            EndTimeUnixNano = start + (ulong)_random.NextInt64(50_000_000) - (_random.Next(20) == 0 ? 60_000_000UL : 0),
            TraceState = _random.Next(4) == 0 ? "vendor=1" : "",
            Flags = (uint)_random.Next(0x400),
        };
        if (_random.Next(3) > 0)
            span.ParentSpanId = Id(8);
        if (_random.Next(2) == 0)
            span.Status = new Status { Code = (Status.Types.StatusCode)_random.Next(3), Message = _random.Next(2) == 0 ? Text() : "" };
        for (var i = _random.Next(4); i > 0; i--)
            span.Attributes.Add(Pair());
        for (var i = Math.Max(0, _random.Next(6) - 3); i > 0; i--)
        {
            var happened = new Span.Types.Event { Name = Text(), TimeUnixNano = start + (ulong)i };
            happened.Attributes.Add(Pair());
            span.Events.Add(happened);
        }

        for (var i = Math.Max(0, _random.Next(6) - 4); i > 0; i--)
            span.Links.Add(new Span.Types.Link { TraceId = Id(16), SpanId = Id(8), Attributes = { Pair() } });
        return span;
    }

    KeyValue Pair() => new() { Key = Name(), Value = _random.Next(10) == 0 ? null : Value(0) };

    // One after the other: a dozen within one span are different.
    string Name() => HasTwins ? Text() : Texts[_names++ % Texts.Length];

    AnyValue Value(int depth)
    {
        switch (_random.Next(depth < 3 ? 9 : 6))
        {
            case 0: return new AnyValue { BoolValue = _random.Next(2) == 0 };
            case 1: return new AnyValue { IntValue = _random.Next(3) switch { 0 => 200, 1 => long.MinValue + _random.Next(2), _ => _random.NextInt64(long.MinValue, long.MaxValue) } };
            case 2: return new AnyValue { DoubleValue = _random.Next(2) == 0 ? 1.5 : _random.NextDouble() * 1000 };
            case 3: return new AnyValue { BytesValue = Id(_random.Next(5)) };
            case 6:
                var list = new ArrayValue();
                for (var i = _random.Next(4); i > 0; i--)
                    list.Values.Add(Value(depth + 1));
                return new AnyValue { ArrayValue = list };
            case 7:
                var map = new KeyValueList();
                for (var i = _random.Next(4); i > 0; i--)
                    map.Values.Add(new KeyValue { Key = Name(), Value = Value(depth + 1) });
                return new AnyValue { KvlistValue = map };
            case 8: return new AnyValue();
            default: return new AnyValue { StringValue = Text() };
        }
    }

    ByteString Id(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        if (length > 0)
            bytes[0] |= 1;
        return ByteString.CopyFrom(bytes);
    }
}
