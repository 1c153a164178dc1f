using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Agent.Viewer.Storage;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Agent.Viewer.Programs.Mcp;

/// <summary>What a model can ask. Descriptions are written for it: what to ask for, what comes back, what to ask next.</summary>
sealed class TraceTools(TraceStore store)
{
    const string FilterHelp = """
        Terms separated by blanks, all of which must be true of the trace (each for some span of it): service=shop · name=GET* (a span's name; * stands for any characters) · kind=server|client|internal|producer|consumer ·
        error (some span failed) · any attribute: http.route=/orders/{id}, http.response.status_code>=500, db.query.text~products (contains), db.system.name=* (exists), dispatch.kind=load ·
        span.duration>10ms (some span) · of the whole trace: duration>100ms, spans>20, errors>0, root=GET* (the root's name), trace=4bf9… · a word alone is searched in all names, attributes and values ·
        ! before a term: no span is so (!db.system.name=*) · quotes around values with blanks (name="two words"). Comparisons: = ~ > >= < <= != !~.
        """;

    const string TimeHelp = "RFC 3339, UTC: 2026-01-02T03:04:05Z. Without it there is no limit.";

    [McpServerTool(Name = "list_services", Title = "Services", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Which services have sent traces, and how much is held: ask this first. Next: list_routes.")]
    public CallToolResult ListServices()
    {
        var (services, state) = (store.Services(), store.State);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{state.Traces} traces with {state.Spans} spans are held.\n");
        if (state.DroppedUntilUnixNano is { } until)
            text.Append(CultureInfo.InvariantCulture, $"{state.DroppedTraces} older ones, until {SpanText.Time(until)}, were let go because the memory is full.\n");
        text.Append(CultureInfo.InvariantCulture, $"{services.Count} services:\n");
        foreach (var service in services)
            text.Append(SpanText.OneLine(service)).Append('\n');
        return Answer(text, json =>
        {
            json.WriteNumber("traces", state.Traces);
            json.WriteNumber("spans", state.Spans);
            json.WriteStartArray("services");
            foreach (var service in services)
                json.WriteStringValue(service);
            json.WriteEndArray();
        });
    }

    [McpServerTool(Name = "list_routes", Title = "Routes", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Routes (requests, jobs, messages of one name at one service) with count, errors and the percentiles of their durations, the most frequent first. Next: slowest_spans or find_errors of a route.")]
    public CallToolResult ListRoutes(
        [Description("Only traces that this is true of. " + FilterHelp)] string filter = "",
        [Description("Only traces that started then or later. " + TimeHelp)] string from = "",
        [Description("Only traces that started before. " + TimeHelp)] string to = "",
        [Description("How many routes at most, 1 to 500.")] int limit = 50)
    {
        var all = store.Routes(Query(filter, from, to, TraceOrder.Newest, 1));
        var routes = all.Take(Bounded(limit, 500)).ToList();
        var text = new StringBuilder("   count  errors       p50       p90       p99  route @service (last)\n");
        foreach (var route in routes)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{route.Count,8}{route.Errors,8}{DurationText.Format(route.P50Nano),10}{DurationText.Format(route.P90Nano),10}{DurationText.Format(route.P99Nano),10}  {SpanText.OneLine(route.Name)} @{SpanText.OneLine(route.Service)} ({SpanText.Time(route.LastStartUnixNano)})\n");
        }

        LeftOut(text, all.Count - routes.Count, "routes");
        return Answer(text, json =>
        {
            json.WriteStartArray("routes");
            foreach (var route in routes)
            {
                json.WriteStartObject();
                json.WriteString("service", route.Service);
                json.WriteString("name", route.Name);
                json.WriteString("kind", route.Kind.ToString().ToLowerInvariant());
                json.WriteNumber("count", route.Count);
                json.WriteNumber("errors", route.Errors);
                WriteMilliseconds(json, "p50Ms", route.P50Nano);
                WriteMilliseconds(json, "p90Ms", route.P90Nano);
                WriteMilliseconds(json, "p99Ms", route.P99Nano);
                json.WriteString("last", SpanText.Time(route.LastStartUnixNano));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("leftOut", all.Count - routes.Count);
        });
    }

    [McpServerTool(Name = "search_traces", Title = "Search", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Finds traces by service, names, attributes of any of their spans, duration, errors, time. A line for each. Next: get_trace.")]
    public CallToolResult SearchTraces(
        [Description(FilterHelp)] string filter = "",
        [Description("newest, oldest, slowest, fastest, most-spans or most-errors.")] string order = "newest",
        [Description("Only traces that started then or later. " + TimeHelp)] string from = "",
        [Description("Only traces that started before. " + TimeHelp)] string to = "",
        [Description("How many traces at most, 1 to 200.")] int limit = 20)
    {
        var found = store.Find(Query(filter, from, to, Order(order), Bounded(limit, 200)));
        var text = new StringBuilder("trace id                          start                         duration  spans  errors  root @service\n");
        foreach (var trace in found.Traces)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{trace.TraceId}  {SpanText.Time(trace.StartUnixNano)}  {DurationText.Format(trace.EndUnixNano - trace.StartUnixNano),8}  {trace.SpanCount,5}  {trace.ErrorCount,6}  {SpanText.OneLine(trace.Root.Name)} @{SpanText.OneLine(trace.Service)}\n");
        }

        LeftOut(text, found.Total - found.Traces.Count, "traces");
        return Answer(text, json =>
        {
            json.WriteStartArray("traces");
            foreach (var trace in found.Traces)
            {
                json.WriteStartObject();
                json.WriteString("traceId", trace.TraceId);
                json.WriteString("start", SpanText.Time(trace.StartUnixNano));
                WriteMilliseconds(json, "durationMs", trace.EndUnixNano - trace.StartUnixNano);
                json.WriteNumber("spans", trace.SpanCount);
                json.WriteNumber("errors", trace.ErrorCount);
                json.WriteString("root", trace.Root.Name);
                json.WriteString("service", trace.Service);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("leftOut", found.Total - found.Traces.Count);
        });
    }

    [McpServerTool(Name = "get_trace", Title = "One trace", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("One trace as an indented tree: start, duration and self time of each span, what tells most about it (status, dispatch.kind and result, query, source line), errors and exceptions. Many equal siblings are one line with their count (an N+1 query). Next: get_span for all attributes and stack traces.")]
    public CallToolResult GetTrace(
        [Description("32 hexadecimal digits, from search_traces.")] string trace_id,
        [Description("How many spans at most, 10 to 2000: failed and long ones first.")] int max_spans = 300) =>
        Answer(new StringBuilder(TreeText.Write(Find(trace_id), Math.Clamp(max_spans, 10, 2000))));

    [McpServerTool(Name = "get_span", Title = "One span", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Everything about one span of a trace: all attributes, events with whole stack traces, links, and what describes its process.")]
    public CallToolResult GetSpan(
        [Description("32 hexadecimal digits, from search_traces.")] string trace_id,
        [Description("16 hexadecimal digits, behind # in get_trace.")] string span_id)
    {
        const int MaxText = 20_000;
        var trace = Find(trace_id);
        var node = trace.Nodes.FirstOrDefault(node => node.Span.SpanId.Equals(span_id.TrimStart('#'), StringComparison.OrdinalIgnoreCase))
            ?? throw new McpException($"Trace {trace.TraceId} has no span '{Parameters.Shorten(SpanText.OneLine(span_id))}'; get_trace shows the ids behind #.");
        var span = node.Span;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{SpanText.Line(node)}\nstart {SpanText.Time(span.StartUnixNano)}, {DurationText.Format(span.StartUnixNano - trace.StartUnixNano)} after the trace's\nduration {DurationText.Format(span.DurationNano)}, self {DurationText.Format(node.SelfNano)}\n");
        text.Append(CultureInfo.InvariantCulture, $"parent {span.ParentSpanId ?? "none"}, {node.Children.Count} children\nsource {SpanText.OneLine(span.ScopeName)} {SpanText.OneLine(span.ScopeVersion)}\n");
        WriteAll("attributes", span.Attributes);
        foreach (var e in span.Events)
            WriteAll($"event {SpanText.OneLine(e.Name)}, {DurationText.Format(e.TimeUnixNano > span.StartUnixNano ? e.TimeUnixNano - span.StartUnixNano : 0)} after its start", e.Attributes);
        foreach (var link in span.Links)
            WriteAll($"link to span {link.SpanId} of trace {link.TraceId}", link.Attributes);
        WriteAll("process", span.Resource);
        return Answer(text.Length <= 5 * MaxText ? text : new StringBuilder(SpanText.Shorten(text.ToString(), 5 * MaxText)).Append('\n'));

        void WriteAll(string title, IReadOnlyDictionary<string, object?> attributes)
        {
            text.Append(title).Append(":\n");
            foreach (var (name, value) in attributes)
            {
                // Lines of a stack trace stay lines, further in than ours.
                var lines = SpanText.Shorten(SpanText.Text(value), MaxText).Split('\n').Select(static line => SpanText.OneLine(line.TrimEnd('\r')));
                text.Append(CultureInfo.InvariantCulture, $"  {SpanText.OneLine(name)} = {string.Join("\n      ", lines)}\n");
            }
        }
    }

    [McpServerTool(Name = "slowest_spans", Title = "Where a route's time goes", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Why is a route slow: over its last N traces, which spans (middleware, filter, handler, view, query, call) have the most self time, in sum and each, with an example. Next: get_trace of an example.")]
    public CallToolResult SlowestSpans(
        [Description("The route's name, from list_routes: GET /orders/{id}.")] string route,
        [Description("The service, if several have a route of this name.")] string service = "",
        [Description("Only traces that this is true of. " + FilterHelp)] string filter = "",
        [Description("Over how many traces, the newest ones, 1 to 1000.")] int traces = 100,
        [Description("How many kinds of spans, 1 to 200.")] int limit = 20)
    {
        var (found, loaded) = Route(route, service, filter, "", "", Bounded(traces, 1000));
        var sums = new SpanSums();
        foreach (var trace in loaded)
            sums.Add(trace);
        var all = sums.BySelfTime.ToList();
        var shown = all.Take(Bounded(limit, 200)).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{found.Count} traces of {SpanText.OneLine(route)}, {SpanText.Time(found.Min(trace => trace.StartUnixNano))} to {SpanText.Time(found.Max(trace => trace.StartUnixNano))}, {found.Count(trace => trace.ErrorCount > 0)} with errors.\n");
        text.Append("The slowest: ").AppendJoin(", ", found.OrderByDescending(Duration).Take(3).Select(trace => $"{trace.TraceId} ({DurationText.Format(Duration(trace))})")).Append(".\n");
        text.Append("Self time of each kind of span, the most first:\n share       sum  per trace   calls  errors  span\n");
        foreach (var entry in shown)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{Share(entry.Self, sums.Self),5}%{DurationText.Format(entry.Self),10}{DurationText.Format(entry.Self / (ulong)found.Count),11}{entry.Count,8}{entry.Errors,8}  {SpanText.OneLine(entry.Name)} @{SpanText.OneLine(entry.Service)} (at most {DurationText.Format(entry.SlowestSelf)}: span {entry.Slowest!.Span.SpanId} of {entry.Slowest.Span.TraceId})\n");
        }

        LeftOut(text, all.Count - shown.Count, "kinds of spans");
        return Answer(text, json =>
        {
            json.WriteNumber("traces", found.Count);
            json.WriteStartArray("spans");
            foreach (var entry in shown)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name);
                json.WriteString("service", entry.Service);
                json.WriteString("kind", entry.Kind.ToString().ToLowerInvariant());
                json.WriteNumber("calls", entry.Count);
                json.WriteNumber("errors", entry.Errors);
                WriteMilliseconds(json, "selfMs", entry.Self);
                WriteMilliseconds(json, "durationMs", entry.Duration);
                WriteMilliseconds(json, "maxSelfMs", entry.SlowestSelf);
                json.WriteString("exampleTraceId", entry.Slowest!.Span.TraceId);
                json.WriteString("exampleSpanId", entry.Slowest.Span.SpanId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("leftOut", all.Count - shown.Count);
        });
    }

    [McpServerTool(Name = "find_errors", Title = "Errors", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("What fails: exceptions and errors of the newest traces that have any, equal ones together, the most frequent first, each with the span that failed, where it is in its trace, an example's id and the stack trace.")]
    public CallToolResult FindErrors(
        [Description("Only traces that this is true of. " + FilterHelp)] string filter = "",
        [Description("Only traces that started then or later. " + TimeHelp)] string from = "",
        [Description("Only traces that started before. " + TimeHelp)] string to = "",
        [Description("How many traces with errors are read, the newest ones, 1 to 1000.")] int traces = 100,
        [Description("How many different errors at most, 1 to 50.")] int max_errors = 10)
    {
        var found = store.Find(Query($"{filter} error", from, to, TraceOrder.Newest, Bounded(traces, 1000)));
        if (found.Total == 0)
            return Answer(new StringBuilder("No trace with an error matches.\n"));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{found.Total} traces with errors match; the newest {found.Traces.Count} were read.\n\n");
        text.Append(ErrorGroups.Write(found.Traces.Select(trace => store.Find(trace.TraceId)).OfType<Trace>(), Bounded(max_errors, 50)));
        return Answer(text);
    }

    [McpServerTool(Name = "compare_traces", Title = "Two traces", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Why was one request slower than another: what differs between two traces in self time and number of spans, the largest differences first, and what only one of them has.")]
    public CallToolResult CompareTraces(
        [Description("The first trace, 32 hexadecimal digits: the good one.")] string trace_id,
        [Description("The second one: the bad one.")] string other_trace_id,
        [Description("How many differences at most, 1 to 200.")] int limit = 40)
    {
        var (one, other) = (Find(trace_id), Find(other_trace_id));
        var (before, after) = (new SpanSums(), new SpanSums());
        before.Add(one);
        after.Add(other);
        return Compare($"{one.TraceId}, {Span(one)}", $"{other.TraceId}, {Span(other)}", before, 1, after, 1, Bounded(limit, 200));

        static string Span(Trace trace) =>
            $"{SpanText.OneLine(trace.Roots[0].Span.Name)}, {SpanText.Time(trace.StartUnixNano)}, {DurationText.Format(trace.EndUnixNano - trace.StartUnixNano)}, {trace.Nodes.Count} spans, {trace.Nodes.Count(node => node.Span.StatusCode == SpanStatusCode.Error)} with errors";
    }

    [McpServerTool(Name = "compare_route", Title = "A route before and after", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Has a change made a route slower or faster: its traces before a moment against those since, by self time per trace, the largest differences first.")]
    public CallToolResult CompareRoute(
        [Description("The route's name, from list_routes: GET /orders/{id}.")] string route,
        [Description("The moment of the change. RFC 3339, UTC: 2026-01-02T03:04:05Z.")] string since,
        [Description("The service, if several have a route of this name.")] string service = "",
        [Description("How many traces on either side, the newest ones, 1 to 1000.")] int traces = 100,
        [Description("How many differences at most, 1 to 200.")] int limit = 40)
    {
        if (Moment("since", since) is null)
            throw new McpException("since is needed: the moment of the change, 2026-01-02T03:04:05Z.");
        var (found, loaded) = Route(route, service, "", "", since, Bounded(traces, 1000));
        var (foundSince, loadedSince) = Route(route, service, "", since, "", Bounded(traces, 1000));
        var (before, after) = (new SpanSums(), new SpanSums());
        foreach (var trace in loaded)
            before.Add(trace);
        foreach (var trace in loadedSince)
            after.Add(trace);
        return Compare($"{found.Count} traces before, {Median(found)}", $"{foundSince.Count} traces since, {Median(foundSince)}", before, found.Count, after, foundSince.Count, Bounded(limit, 200));

        static string Median(List<TraceSummary> traces) => $"median {DurationText.Format(traces.Select(Duration).Order().ElementAt(traces.Count / 2))}, {traces.Count(trace => trace.ErrorCount > 0)} with errors";
    }

    static CallToolResult Compare(string first, string second, SpanSums before, int countBefore, SpanSums after, int countAfter, int limit)
    {
        var all = before.BySelfTime.Select(entry => (Before: (SpanSums.Entry?)entry, After: after.Find(entry)))
            .Concat(after.BySelfTime.Where(entry => before.Find(entry) is null).Select(entry => (Before: (SpanSums.Entry?)null, After: (SpanSums.Entry?)entry)))
            .Select(pair => (pair.Before, pair.After, SelfBefore: (pair.Before?.Self ?? 0) / (ulong)countBefore, SelfAfter: (pair.After?.Self ?? 0) / (ulong)countAfter))
            .OrderByDescending(pair => pair.SelfBefore > pair.SelfAfter ? pair.SelfBefore - pair.SelfAfter : pair.SelfAfter - pair.SelfBefore).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"A: {first}\nB: {second}\n");
        text.Append("Self time and number of spans per trace:\n    A self    B self  difference   A spans   B spans  span\n");
        foreach (var (a, b, selfBefore, selfAfter) in all.Take(limit))
        {
            var entry = a ?? b!;
            var difference = selfAfter >= selfBefore ? "+" + DurationText.Format(selfAfter - selfBefore) : "-" + DurationText.Format(selfBefore - selfAfter);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{DurationText.Format(selfBefore),10}{DurationText.Format(selfAfter),10}{difference,12}{(double)(a?.Count ?? 0) / countBefore,10:0.##}{(double)(b?.Count ?? 0) / countAfter,10:0.##}  {SpanText.OneLine(entry.Name)} @{SpanText.OneLine(entry.Service)}{(a is null ? " (only in B)" : b is null ? " (only in A)" : "")}{Errors(a, b)}\n");
        }

        LeftOut(text, all.Count - limit, "smaller differences");
        return Answer(text);

        static string Errors(SpanSums.Entry? a, SpanSums.Entry? b) =>
            (a?.Errors ?? 0) == 0 && (b?.Errors ?? 0) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (errors: A {a?.Errors ?? 0}, B {b?.Errors ?? 0})");
    }

    static CallToolResult Answer(StringBuilder text, Action<Utf8JsonWriter>? structured = null) => new()
    {
        Content = [new TextContentBlock { Text = text.ToString() }],
        StructuredContent = structured is null ? null : Structured(structured),
    };

    static JsonElement Structured(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    static void WriteMilliseconds(Utf8JsonWriter json, string name, ulong nanoseconds) => json.WriteNumber(name, Math.Round(nanoseconds / 1e6, 6));

    static void LeftOut(StringBuilder text, int count, string what)
    {
        if (count > 0)
            text.Append(CultureInfo.InvariantCulture, $"{count} more {what} are left out; limit or a filter shows them.\n");
    }

    static ulong Duration(TraceSummary trace) => trace.EndUnixNano - trace.StartUnixNano;

    static string Share(ulong part, ulong whole) => (whole == 0 ? 0 : 100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture);

    static int Bounded(int asked, int most) => Math.Clamp(asked, 1, most);

    static TraceQuery Query(string filter, string from, string to, TraceOrder order, int limit) =>
        new() { Filter = Filter(filter), From = Moment("from", from), To = Moment("to", to), Order = order, Limit = limit };

    static TraceFilter Filter(string filter) => Said(() => Search.Filter(filter));

    static TraceOrder Order(string order) => Said(() => Search.Order(order));

    static ulong? Moment(string name, string text) => Said(() => text.Length == 0 ? null : (ulong?)Parameters.Moment(name, text));

    /// <summary>A model gets the sentence that people get.</summary>
    static T Said<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Refusal refusal)
        {
            throw new McpException(SpanText.OneLine(refusal.Message));
        }
    }

    Trace Find(string traceId) =>
        store.Find(Said(() => Parameters.TraceId(traceId.Trim()))) ?? throw new McpException($"Trace {SpanText.OneLine(traceId)} is not here: it did not come, or it went because the memory was full. search_traces finds those that are.");

    /// <summary>The newest traces of a route; at least one.</summary>
    (List<TraceSummary> Found, IEnumerable<Trace> Loaded) Route(string route, string service, string filter, string from, string to, int count)
    {
        // To have found so many of the route itself among those that the filter finds.
        const int MostLooked = 5000;

        // A * in the name would stand for any characters, and a service may be in a trace without being the root's, so what is found is looked at again.
        var named = TraceFilter.Of([.. Filter(filter).Terms, new FilterTerm("root", FilterOperator.Equal, route), .. service.Length > 0 ? [new FilterTerm("service", FilterOperator.Equal, service)] : Array.Empty<FilterTerm>()]);
        var found = store.Find(Query("", from, to, TraceOrder.Newest, MostLooked) with { Filter = named }).Traces
            .Where(trace => trace.Root.Name == route && (service.Length == 0 || trace.Service == service)).Take(count).ToList();
        return found.Count > 0
            ? (found, found.Select(trace => store.Find(trace.TraceId)).OfType<Trace>())
            : throw new McpException($"No trace of the route '{Parameters.Shorten(SpanText.OneLine(route))}'{(service.Length > 0 ? $" of {Parameters.Shorten(SpanText.OneLine(service))}" : "")} matches{(from.Length > 0 ? $" since {from}" : to.Length > 0 ? $" before {to}" : "")}; list_routes shows the names.");
    }
}
