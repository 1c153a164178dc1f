using System.Collections;
using System.Globalization;
using Agent.Viewer.Storage;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Storage;

[TestClass]
public sealed class TraceFilterTests
{
    [TestMethod]
    [DataRow("checkout", "~checkout")]
    [DataRow("  two   words ", "~two|~words")]
    [DataRow("\"two words\" !\"not \\\"this\\\"\"", "~two words|!~not \"this\"")]
    [DataRow("http.route=/orders/{id} !db.system.name", "http.route=/orders/{id}|!~db.system.name")]
    [DataRow("a=* !b=* c=x*y", "a?|!b?|c=x*y")]
    [DataRow("a!=b c!~d e~f", "!a=b|!c~d|e~f")]
    [DataRow("http.response.status_code>=500 duration>100ms spans<=20", "http.response.status_code≥500|duration>100ms|spans≤20")]
    [DataRow("error !error \"error\"", "error?|!error?|~error")]
    [DataRow("a=b=c dispatch.kind=\"\"", "a=b=c|dispatch.kind=")]
    [DataRow("\"odd name\"=1", "odd name=1")]
    public void People_write_it_so(string text, string expected)
    {
        var filter = TraceFilter.Parse(text);

        Assert.AreEqual(expected, string.Join('|', filter.Terms.Select(Describe)));
        Assert.AreEqual(expected, string.Join('|', TraceFilter.Parse(filter.ToString()).Terms.Select(Describe)), filter.ToString());
    }

    [TestMethod]
    [DataRow("!", "'!' says nothing; write a text, or name=value, or !name=value.")]
    [DataRow("=x", "Before '=x' the name of an attribute or a field is missing.")]
    [DataRow("a!b", "'!b' is no comparison; there are = ~ > >= < <= and != !~.")]
    [DataRow("a=\"b", "The quote in \"b has no end.")]
    [DataRow("duration>100", "'100' is no duration; write it as 100ms, 1.5s, 300us, 20ns or 2m.")]
    [DataRow("spans>many", "spans is compared with a number, not with 'many'.")]
    [DataRow("x<y", "x is compared with a number, not with 'y'.")]
    [DataRow("name>3", "name is no number; compare it with = or ~.")]
    [DataRow("kind=friend", "'friend' is no kind of span; there are internal, server, client, producer, consumer and unspecified.")]
    public void What_is_not_understood_is_named(string text, string expected) =>
        Assert.AreEqual(expected, Assert.ThrowsExactly<FormatException>(() => TraceFilter.Parse(text)).Message);

    /// <summary>Random filters on random traces, against a search that looks at each span's parts one by one.</summary>
    [TestMethod]
    public void It_finds_what_a_plain_search_finds()
    {
        var (random, store) = (new RandomTraces(3), new TraceStore());
        for (var i = 0; i < 120; i++)
            store.Add(random.Request().ToByteArray());
        var traces = store.Find(new TraceQuery { Limit = int.MaxValue }).Traces.Select(trace => store.Find(trace.TraceId)!).ToList();
        var findings = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
        {
            var terms = Enumerable.Range(0, random.Number(3) + 1).Select(_ => RandomTerm(random)).ToList();
            var isOnOneSpan = random.Number(3) == 0;
            TraceFilter filter;
            try
            {
                filter = TraceFilter.Of(terms, isOnOneSpan);
            }
            catch (FormatException)
            {
                continue;
            }

            var expected = traces.Where(trace => Holds(trace, terms, isOnOneSpan)).Select(trace => trace.TraceId).Order().ToList();
            var found = store.Find(new TraceQuery { Filter = filter, Limit = int.MaxValue });
            CollectionAssert.AreEqual(expected, found.Traces.Select(trace => trace.TraceId).Order().ToList(), $"{filter} {isOnOneSpan}");
            findings.Add($"{terms[0].Operator} {(expected.Count == 0 ? "none" : expected.Count == traces.Count ? "all" : "some")}");
        }

        foreach (var comparison in Enum.GetNames<FilterOperator>())
            Assert.Contains($"{comparison} some", findings);
    }

    [TestMethod]
    public void Orders_times_and_pages()
    {
        var (random, store) = (new RandomTraces(4), new TraceStore());
        for (var i = 0; i < 100; i++)
            store.Add(random.Request().ToByteArray());
        var all = store.Find(new TraceQuery { Limit = int.MaxValue });

        Check(TraceOrder.Newest, all.Traces.OrderByDescending(trace => trace.StartUnixNano));
        Check(TraceOrder.Oldest, all.Traces.OrderBy(trace => trace.StartUnixNano));
        Check(TraceOrder.Slowest, all.Traces.OrderByDescending(trace => trace.EndUnixNano - trace.StartUnixNano));
        Check(TraceOrder.Fastest, all.Traces.OrderBy(trace => trace.EndUnixNano - trace.StartUnixNano));
        Check(TraceOrder.MostSpans, all.Traces.OrderByDescending(trace => trace.SpanCount));
        Check(TraceOrder.MostErrors, all.Traces.OrderByDescending(trace => trace.ErrorCount));
        var middle = all.Traces[all.Total / 2].StartUnixNano;
        var (before, after) = (store.Find(new TraceQuery { To = middle, Limit = 0 }).Total, store.Find(new TraceQuery { From = middle, Limit = 0 }).Total);
        Assert.AreEqual(all.Total, before + after);
        Assert.AreEqual(all.Traces.Count(trace => trace.StartUnixNano < middle), before);

        void Check(TraceOrder order, IEnumerable<TraceSummary> expected) => CollectionAssert.AreEqual(
            expected.ThenNewest(order).Skip(7).Take(30).Select(trace => trace.TraceId).ToList(),
            store.Find(new TraceQuery { Order = order, Skip = 7, Limit = 30 }).Traces.Select(trace => trace.TraceId).ToList(), $"{order}");
    }

    static FilterTerm RandomTerm(RandomTraces random)
    {
        var field = random.Number(4) switch { 0 => "", 1 => TraceFilter.Fields[random.Number(TraceFilter.Fields.Count)], _ => random.Text() };
        var comparison = field.Length == 0 ? FilterOperator.Contains : (FilterOperator)random.Number(7);
        var value = comparison switch
        {
            FilterOperator.Exists => "",
            FilterOperator.Equal when random.Number(3) == 0 => random.Text() is { Length: > 3 } text ? $"{text[..2]}*{text[^2..]}" : "*",
            FilterOperator.Contains when random.Text() is { Length: > 3 } text => text[1..^1].ToUpperInvariant(),
            _ => field is "duration" or "span.duration" ? $"{random.Number(3000)}ms" : random.Number(2) == 0 ? $"{random.Number(400)}" : random.Text(),
        };
        return new FilterTerm(field, comparison, value, random.Number(4) == 0);
    }

    static bool Holds(Trace trace, List<FilterTerm> terms, bool isOnOneSpan)
    {
        var together = terms.Where(term => isOnOneSpan && !term.IsNegated && !IsOnTrace(term)).ToList();
        return terms.Except(together).All(term => (IsOnTrace(term) ? HoldsOnTrace(trace, term) : trace.Nodes.Any(node => Holds(node.Span, term))) != term.IsNegated)
            && (together.Count == 0 || trace.Nodes.Any(node => together.TrueForAll(term => Holds(node.Span, term))));
    }

    static bool IsOnTrace(FilterTerm term) => term.Field is "duration" or "spans" or "errors" or "root" or "trace";

    static bool HoldsOnTrace(Trace trace, FilterTerm term) => term.Field switch
    {
        "duration" => Compare(trace.EndUnixNano - trace.StartUnixNano, term, TraceFilter.Nanoseconds(term.Value)),
        "spans" => Compare(trace.Nodes.Count, term, double.Parse(term.Value, CultureInfo.InvariantCulture)),
        "errors" => Compare(trace.Nodes.Count(node => node.Span.StatusCode == SpanStatusCode.Error), term, double.Parse(term.Value, CultureInfo.InvariantCulture)),
        "trace" => Matches(trace.TraceId, term),
        _ => Matches(trace.Nodes.Select(node => node.Span).OrderBy(span => span.ParentSpanId is not null).ThenBy(span => span.StartUnixNano).First().Name, term),
    };

    static bool Holds(ReceivedSpan span, FilterTerm term)
    {
        IEnumerable<KeyValuePair<string, object?>> attributes = [.. span.Attributes, .. span.Resource, .. span.ScopeAttributes, .. span.Events.SelectMany(e => e.Attributes)];
        return term.Field switch
        {
            "service" => Matches(span.Resource.GetValueOrDefault("service.name") as string ?? "", term),
            "name" => Matches(span.Name, term),
            "kind" => Matches(span.Kind.ToString().ToLowerInvariant(), term),
            "error" => span.StatusCode == SpanStatusCode.Error == (term.Value != "false"),
            "span.duration" => Compare(span.DurationNano, term, TraceFilter.Nanoseconds(term.Value)),
            "" => Matches(span.Name, term) || Matches(span.StatusMessage, term) || span.Events.Any(e => Matches(e.Name, term)) || attributes.Any(pair => Matches(pair.Key, term) || Matches(pair.Value, term)),
            _ => attributes.Any(pair => pair.Key == term.Field && Matches(pair.Value, term)),
        };
    }

    static bool Matches(object? value, FilterTerm term) => value switch
    {
        null => term.Operator == FilterOperator.Exists,
        bool flag => term.Operator <= FilterOperator.Contains && Matches(flag ? "true" : "false", term),
        byte[] bytes => term.Operator <= FilterOperator.Contains && Matches(Convert.ToHexStringLower(bytes), term),
        long or double => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture), term),
        IReadOnlyDictionary<string, object?> map => map.Any(pair => term.Field.Length == 0 && Matches(pair.Key, term) || Matches(pair.Value, term)),
        string text => term.Operator switch
        {
            FilterOperator.Exists => true,
            FilterOperator.Equal => System.Text.RegularExpressions.Regex.IsMatch(text, $"\\A{string.Join(".*", term.Value.Split('*').Select(System.Text.RegularExpressions.Regex.Escape))}\\z", System.Text.RegularExpressions.RegexOptions.Singleline),
            FilterOperator.Contains => text.Contains(term.Value, StringComparison.OrdinalIgnoreCase),
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Number(number, term),
        },
        IEnumerable list => list.Cast<object?>().Any(item => Matches(item, term)),
        _ => false,
    };

    static bool Number(double number, FilterTerm term) => term.Operator switch
    {
        FilterOperator.Exists => true,
        FilterOperator.Equal when !term.Value.Contains('*', StringComparison.Ordinal) => double.TryParse(term.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var equal) && equal == number,
        FilterOperator.Equal or FilterOperator.Contains => Matches(number.ToString(CultureInfo.InvariantCulture), term),
        _ => Compare(number, term, double.Parse(term.Value, CultureInfo.InvariantCulture)),
    };

    static bool Compare(double number, FilterTerm term, double with) => term.Operator switch
    {
        FilterOperator.Exists => true,
        FilterOperator.Equal => number == with,
        FilterOperator.Greater => number > with,
        FilterOperator.GreaterOrEqual => number >= with,
        FilterOperator.Less => number < with,
        FilterOperator.LessOrEqual => number <= with,
        _ => false,
    };

    static string Describe(FilterTerm term) => (term.IsNegated ? "!" : "") + term.Field + (term.Operator switch
    {
        FilterOperator.Exists => "?",
        FilterOperator.Equal => "=",
        FilterOperator.Contains => "~",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => "≥",
        FilterOperator.Less => "<",
        _ => "≤",
    }) + term.Value;
}

static class Orders
{
    public static IEnumerable<TraceSummary> ThenNewest(this IEnumerable<TraceSummary> traces, TraceOrder order) =>
        order == TraceOrder.Oldest ? traces : ((IOrderedEnumerable<TraceSummary>)traces).ThenByDescending(trace => trace.StartUnixNano);
}
