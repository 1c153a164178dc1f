using System.Diagnostics;
using Agent.Propagation;

namespace Agent.UnitTests;

/// <summary>What each format of OTEL_PROPAGATORS reads and writes.</summary>
[TestClass]
public sealed class PropagationTests
{
    const string Trace = "80f198ee56343ba864fe8b2a57d3eff7", Span = "e457b5a2e4d86bd1";
    const string Sampled = $"00-{Trace}-{Span}-01", NotSampled = $"00-{Trace}-{Span}-00";

    [TestMethod]
    [DataRow("b3", $"b3: {Trace}-{Span}-1", Sampled)]
    [DataRow("b3", $"b3: {Trace}-{Span}-d-05e3ac9a4f6e3b90", Sampled)]
    [DataRow("b3", $"b3: {Trace}-{Span}-0", NotSampled)]
    [DataRow("b3", $"b3: {Trace}-{Span}", Sampled)]
    [DataRow("b3", "b3: 64fe8b2a57d3eff7-e457b5a2e4d86bd1-1", "00-000000000000000064fe8b2a57d3eff7-e457b5a2e4d86bd1-01")]
    [DataRow("b3", "b3: 80F198EE56343BA864FE8B2A57D3EFF7-E457B5A2E4D86BD1-1", Sampled)]
    [DataRow("b3", "b3: 0", null)]
    [DataRow("b3", $"b3: 00000000000000000000000000000000-{Span}-1", null)]
    [DataRow("b3", $"b3: {Trace}-nothex-1", null)]
    [DataRow("b3", $"b3: {Trace}00-{Span}-1", null)]
    [DataRow("b3", $"traceparent: {Sampled}", null)]
    [DataRow("b3", $"X-B3-TraceId: {Trace} X-B3-SpanId: {Span} X-B3-Sampled: 1", Sampled)]
    [DataRow("b3multi", $"X-B3-TraceId: {Trace} X-B3-SpanId: {Span} X-B3-Sampled: 0", NotSampled)]
    [DataRow("b3multi", $"X-B3-TraceId: {Trace} X-B3-SpanId: {Span} X-B3-Flags: 1", Sampled)]
    [DataRow("b3multi", $"X-B3-TraceId: {Trace} X-B3-SpanId: {Span}", Sampled)]
    [DataRow("b3multi", $"X-B3-TraceId: {Trace}", null)]
    [DataRow("b3multi", $"b3: {Trace}-{Span}-0", NotSampled)]
    [DataRow("jaeger", $"uber-trace-id: {Trace}:{Span}:0:1", Sampled)]
    [DataRow("jaeger", $"uber-trace-id: {Trace}%3A{Span}%3A0%3A3", Sampled)]
    [DataRow("jaeger", $"uber-trace-id: {Trace}:{Span}:0:0", NotSampled)]
    [DataRow("jaeger", "uber-trace-id: 64fe8b2a57d3eff:457b5a2e4d86bd1:0:1", "00-0000000000000000064fe8b2a57d3eff-0457b5a2e4d86bd1-01")]
    [DataRow("jaeger", $"uber-trace-id: {Trace}:{Span}:0:x", null)]
    [DataRow("jaeger", $"uber-trace-id: {Trace}:{Span}", null)]
    [DataRow("xray", "X-Amzn-Trace-Id: Root=1-80f198ee-56343ba864fe8b2a57d3eff7;Parent=e457b5a2e4d86bd1;Sampled=1", Sampled)]
    [DataRow("xray", "X-Amzn-Trace-Id: Self=1-2-3;Sampled=0;Parent=e457b5a2e4d86bd1;Root=1-80f198ee-56343ba864fe8b2a57d3eff7", NotSampled)]
    [DataRow("xray", "X-Amzn-Trace-Id: Root=1-80f198ee-56343ba864fe8b2a57d3eff7", null)]
    [DataRow("xray", "X-Amzn-Trace-Id: Root=2-80f198ee-56343ba864fe8b2a57d3eff7;Parent=e457b5a2e4d86bd1", null)]
    [DataRow("tracecontext", $"traceparent: {NotSampled}", NotSampled)]
    [DataRow("tracecontext", "traceparent: 00-nonsense", null)]
    [DataRow("tracecontext", $"b3: {Trace}-{Span}-1", null)]
    [DataRow("b3,tracecontext", $"traceparent: {NotSampled} b3: {Trace}-{Span}-1", Sampled)]
    [DataRow("tracecontext,b3", $"traceparent: {NotSampled} b3: {Trace}-{Span}-1", NotSampled)]
    [DataRow("tracecontext,b3", $"traceparent: 00-nonsense b3: {Trace}-{Span}-1", Sampled)]
    [DataRow("baggage", $"traceparent: {Sampled}", null)]
    [DataRow("", $"traceparent: {Sampled} b3: {Trace}-{Span}-1", null)]
    public void Read(string names, string headers, string? expected)
    {
        var words = headers.Split(' ');
        var carrier = Enumerable.Range(0, words.Length / 2).ToDictionary(i => words[2 * i].TrimEnd(':'), i => words[2 * i + 1], StringComparer.OrdinalIgnoreCase);
        Propagator(names).ExtractTraceIdAndState(carrier, Get, out var traceParent, out _);
        Assert.AreEqual(expected, traceParent);
        Assert.AreEqual(expected is not null, ActivityContext.TryParse(traceParent, null, out _), "the framework takes it");
    }

    [TestMethod]
    [DataRow("tracecontext", "traceparent: 00-TRACE-SPAN-FLAGS, tracestate: a=b")]
    [DataRow("baggage", "baggage: user = ada")]
    [DataRow("b3", "b3: TRACE-SPAN-1")]
    [DataRow("b3multi", "X-B3-Sampled: 1, X-B3-SpanId: SPAN, X-B3-TraceId: TRACE")]
    [DataRow("jaeger", "uber-trace-id: TRACE:SPAN:0:1")]
    [DataRow("b3,baggage", "b3: TRACE-SPAN-1, baggage: user = ada")]
    [DataRow("", "")]
    public void Written(string names, string expected)
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        activity.TraceStateString = "a=b";
        activity.AddBaggage("user", "ada");
        activity.Start();
        var carrier = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var propagator = Propagator(names);
        propagator.Inject(activity, carrier, Set);
        Assert.AreEqual(expected.Replace("FLAGS", activity.Id![^2..], StringComparison.Ordinal), string.Join(", ", carrier.Select(header => $"{header.Key}: {header.Value}")).Replace($"{activity.TraceId}", "TRACE", StringComparison.Ordinal).Replace($"{activity.SpanId}", "SPAN", StringComparison.Ordinal));
        CollectionAssert.IsSubsetOf(carrier.Keys, propagator.Fields.ToArray());
    }

    [TestMethod]
    public void What_NET_speaks_by_itself_is_tracecontext_and_baggage()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("user", "ada").Start();
        var carrier = new SortedDictionary<string, string>(StringComparer.Ordinal);
        DistributedContextPropagator.CreateDefaultPropagator().Inject(activity, carrier, Set);
        Assert.AreEqual("baggage, traceparent", string.Join(", ", carrier.Keys));
        Assert.AreEqual("user=ada", string.Join(',', DistributedContextPropagator.CreateDefaultPropagator().ExtractBaggage(carrier, Get)!.Select(item => $"{item.Key}={item.Value}")));
    }

    [TestMethod]
    [DataRow("b3")]
    [DataRow("b3multi")]
    [DataRow("jaeger")]
    [DataRow("xray")]
    [DataRow("tracecontext")]
    public void What_is_written_is_read_again(string name)
    {
        foreach (var flags in (ActivityTraceFlags[])[ActivityTraceFlags.Recorded, ActivityTraceFlags.None])
        {
            using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
            activity.ActivityTraceFlags = flags;
            activity.Start();
            var carrier = new Dictionary<string, string>();
            Propagator(name).Inject(activity, carrier, Set);
            Propagator(name).ExtractTraceIdAndState(carrier, Get, out var traceParent, out _);
            // .NET 11 also says that the trace's id is random, for which other formats have no place.
            Assert.AreEqual(name == "tracecontext" ? activity.Id : $"{activity.Id![..^2]}{(int)flags:00}", traceParent);
        }
    }

    [TestMethod]
    [DataRow("baggage", "user=ada")]
    [DataRow("tracecontext", null)]
    public void Baggage_is_read_only_where_it_is_asked_for(string names, string? expected)
    {
        var baggage = Propagator(names).ExtractBaggage(new Dictionary<string, string> { ["baggage"] = "user=ada" }, Get);
        Assert.AreEqual(expected, baggage is null ? null : string.Join(',', baggage.Select(item => $"{item.Key}={item.Value}")));
    }

    static ContextPropagator Propagator(string names) => new(names.Split(',', StringSplitOptions.RemoveEmptyEntries));

    static void Set(object? carrier, string name, string value) => ((IDictionary<string, string>)carrier!)[name] = value;

    static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
        (value, values) = (((IDictionary<string, string>)carrier!).TryGetValue(name, out var found) ? found : null, null);
}
