namespace Agent.Viewer.Tests.Pages;

/// <summary>Traces as an app sends them. Ids are numbers; times are microseconds after 2026-01-02 03:04:05 UTC.</summary>
sealed class Sample(int trace)
{
    readonly List<ReceivedSpan> _spans = [];

    public string TraceId { get; } = $"{trace:x32}";

    public IReadOnlyList<ReceivedSpan> Spans => _spans;

    public static string SpanId(int id) => $"{id:x16}";

    /// <summary>Adds a span; its id is how many there are then.</summary>
    public int Add(int? parent, string name, ulong start, ulong end, params (string Name, object? Value)[] attributes) =>
        Add(parent, name, start, end, static span => span, attributes);

    public int Add(int? parent, string name, ulong start, ulong end, Func<ReceivedSpan, ReceivedSpan> change, params (string Name, object? Value)[] attributes)
    {
        _spans.Add(change(Make.Span('0', null, name, start, end).With(attributes)) with
        {
            TraceId = TraceId, SpanId = SpanId(_spans.Count + 1), ParentSpanId = parent is { } above ? SpanId(above) : null,
        });
        return _spans.Count;
    }

    public int AddHook(int? parent, string name, ulong start, ulong end) => Add(parent, name, start, end, ("dispatch.kind", "hook"));

    public int AddQuery(int parent, string name, ulong start, ulong end) =>
        Add(parent, name, start, end, static span => span with { Kind = SpanKind.Client }, ("db.system.name", "sqlite"), ("db.query.text", $"{name} WHERE Id = ?"));

    public int AddRequest(string name, ulong start, ulong end, int status = 200, string path = "/", string? route = "r") =>
        Add(null, name, start, end, span => span with { Kind = SpanKind.Server, StatusCode = status >= 500 ? SpanStatusCode.Error : SpanStatusCode.Unset },
            [("http.request.method", name.Split(' ')[0]), ("http.response.status_code", status), ("url.path", path), .. route is null ? [] : ((string, object?)[])[("http.route", route)]]);

    public Trace ToTrace() => new(_spans);

    /// <summary>A page of a shop: middlewares, a handler with queries in a loop, a view.</summary>
    public static Sample Page(int trace, ulong start, ulong milliseconds = 20)
    {
        var sample = new Sample(trace);
        var ms = milliseconds * 50; // a twentieth, in microseconds
        var root = sample.AddRequest("GET Products/{id:int}", start, start + ms * 20, path: $"/Products/{trace}", route: "Products/{id:int}");
        var above = root;
        foreach (var (name, i) in ((string[])["ExceptionHandler", "StaticFile", "Program.cs:29", "Visitor", "Maintenance"]).Select(static (name, i) => (name, (ulong)i)))
            above = sample.AddHook(above, $"middleware {name}", start + 10 * (i + 1), start + ms * 20 - 10 * (i + 1));
        var endpoint = sample.Add(above, "endpoint Products/{id:int}", start + 60, start + ms * 20 - 60, ("dispatch.endpoint.kind", "page"), ("http.route", "Products/{id:int}"));
        var page = sample.Add(endpoint, "page /Products/Details OnGetAsync", start + ms, start + ms * 16, ("dispatch.kind", "load"), ("dispatch.result.type", "success"),
            ("code.function.name", "Shop.Pages.DetailsModel.OnGetAsync"), ("code.file.path", "/src/shop/Pages/Details.cshtml.cs"), ("code.line.number", 17));
        for (var i = 0UL; i < 14; i++)
            sample.AddQuery(page, "SELECT Products", start + ms + ms * i, start + ms + ms * i + ms * 4 / 5);
        sample.Add(endpoint, "view /Pages/Products/Details.cshtml", start + ms * 17, start + ms * 19, ("dispatch.kind", "load"), ("dispatch.view.path", "/Pages/Products/Details.cshtml"));
        return sample;
    }

    /// <summary>A page that throws, four red spans above it.</summary>
    public static Sample Boom(int trace, ulong start)
    {
        var sample = new Sample(trace);
        var root = sample.AddRequest("GET Boom", start, start + 4000, 500, "/Boom", "Boom");
        var handler = sample.AddHook(root, "middleware ExceptionHandler", start + 10, start + 3900);
        var above = handler;
        foreach (var (name, i) in ((string[])["StaticFile", "Visitor"]).Select(static (name, i) => (name, (ulong)i)))
            above = sample.Add(above, $"middleware {name}", start + 20 + i, start + 900 - i, static span => span.Failed(), ("dispatch.kind", "hook"));
        above = sample.Add(above, "endpoint Boom", start + 100, start + 800, static span => span.Failed(), ("dispatch.endpoint.kind", "page"));
        sample.Add(above, "page /Boom OnGet", start + 200, start + 300, static span => span.Failed("The shop is on fire.") with
        {
            Events = [new SpanEvent("exception", span.EndUnixNano, new OrderedDictionary<string, object?>
            {
                ["exception.type"] = "System.InvalidOperationException",
                ["exception.message"] = "The shop is on fire.",
                ["exception.stacktrace"] = "System.InvalidOperationException: The shop is on fire.\n   at System.Linq.Enumerable.First()\n   at Shop.Pages.BoomModel.OnGet() in /src/shop/Pages/Boom.cshtml.cs:line 12",
            })],
        }, ("dispatch.kind", "load"), ("dispatch.result.type", "unknown_error"), ("error.type", "System.InvalidOperationException"));
        sample.AddHook(handler, "exception handler", start + 1000, start + 3800);
        return sample;
    }

    /// <summary>A form that is posted: fails its validation, or redirects.</summary>
    public static Sample Form(int trace, ulong start, bool isValid)
    {
        var sample = new Sample(trace);
        var root = sample.AddRequest("POST Order", start, start + 3000, isValid ? 302 : 200, "/Order", "Order");
        var endpoint = sample.Add(root, "endpoint Order", start + 100, start + 2900, ("dispatch.endpoint.kind", "page"));
        if (isValid)
            sample.Add(endpoint, "page /Order OnPostAsync", start + 200, start + 2500, ("dispatch.kind", "action"), ("dispatch.result.type", "redirect"), ("dispatch.result.status", 302), ("dispatch.result.location", "/Thanks"));
        else
            sample.Add(endpoint, "page /Order OnPostAsync", start + 200, start + 2500, ("dispatch.kind", "action"), ("dispatch.result.type", "failure"), ("dispatch.modelstate.error_count", 1));
        return sample;
    }

    /// <summary>A static file, answered by its middleware.</summary>
    public static Sample File(int trace, ulong start)
    {
        var sample = new Sample(trace);
        var root = sample.AddRequest("GET", start, start + 300, 200, "/site.css", null);
        sample.Add(root, "middleware StaticFile", start + 10, start + 290, ("dispatch.kind", "hook"), ("dispatch.middleware.short_circuited", true), ("http.response.status_code", 200));
        return sample;
    }

    /// <summary>The start of the app.</summary>
    public static Sample Startup(int trace, ulong start)
    {
        var sample = new Sample(trace);
        sample.Add(null, "startup", start, start + 900_000, ("dispatch.kind", "startup"));
        return sample;
    }

    /// <summary>A page that asks another service, which fails.</summary>
    public static Sample TwoServices(int trace, ulong start)
    {
        var sample = new Sample(trace);
        var root = sample.AddRequest("GET /basket", start, start + 9000, path: "/basket");
        var call = sample.Add(root, "GET", start + 1000, start + 8000, static span => span with { Kind = SpanKind.Client }, ("http.request.method", "GET"), ("http.response.status_code", 503), ("url.full", "http://bank.example/pay"));
        sample.Add(call, "GET /pay", start + 2000, start + 7000, static span => span.From("bank").Failed() with { Kind = SpanKind.Server }, ("http.response.status_code", 503));
        return sample;
    }
}
