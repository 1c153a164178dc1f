using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Agent.Viewer.Tests.Pages;

/// <summary>The pages as one sees and uses them, in a real browser.</summary>
[TestClass]
public sealed class ViewerPagesTests(TestContext test)
{
    const ulong Second = 1_000_000;
    readonly List<Visit> _visits = [];
    static Chromium? s_chromium;
    static ViewerServer? s_viewer;

    static readonly Sample[] s_all =
    [
        Sample.Startup(1, 0), Sample.Page(2, 10 * Second, 20), Sample.Page(3, 11 * Second, 40), Sample.Boom(4, 12 * Second), Sample.Form(5, 13 * Second, isValid: false),
        Sample.Form(6, 14 * Second, isValid: true), Sample.File(7, 15 * Second), Sample.TwoServices(8, 16 * Second), Sample.Page(9, 17 * Second, 400),
    ];

    static Chromium Browser => s_chromium ?? throw new AssertInconclusiveException("There is no Chromium (Debian: apt-get install chromium).");

    static ViewerServer Viewer => s_viewer!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_viewer = await ServeAsync(s_all);
        s_chromium = await Chromium.StartAsync();
    }

    [ClassCleanup]
    public static async Task Stop()
    {
        if (s_chromium is not null)
            await s_chromium.DisposeAsync();
        await Viewer.DisposeAsync();
    }

    // Here and not where a visit ends, so that it does not hide what has failed before.
    [TestCleanup]
    public void Nothing_went_wrong_in_the_pages() => Assert.AreEqual("", string.Join('\n', _visits.SelectMany(static visit => visit.Problems)));

    [TestMethod]
    public async Task The_list_shows_the_newest_first()
    {
        await using var visit = await OpenAsync("/");

        await ExpectRowsAsync(visit.Page, "GET Products/{id:int}, GET /basket, GET, POST Order, POST Order, GET Boom, GET Products/{id:int}, GET Products/{id:int}, startup");
        await Expect(visit.Page.Locator("#rows tr").Nth(5)).ToContainTextAsync("500");
        await Expect(visit.Page.Locator("#state")).ToContainTextAsync($"9 traces, {s_all.Sum(static sample => sample.Spans.Count)} spans");
    }

    [TestMethod]
    public async Task A_filter_is_written_and_stands_in_the_address()
    {
        await using var visit = await OpenAsync("/");
        var page = visit.Page;
        foreach (var (filter, roots) in ((string, string)[])
        [
            ("error", "GET /basket, GET Boom"),
            ("http.route=Boom", "GET Boom"),
            ("!db.system.name=* kind=server", "GET /basket, GET, POST Order, POST Order, GET Boom"),
            ("name=SELECT*", "GET Products/{id:int}, GET Products/{id:int}, GET Products/{id:int}"),
            ("dispatch.kind=action dispatch.result.type=redirect", "POST Order"),
            ("dispatch.result.type=failure", "POST Order"),
            ("duration>100ms !dispatch.kind=startup", "GET Products/{id:int}"),
            ("service=bank", "GET /basket"),
            ("FIRE", "GET Boom"),
            ("spans>20 span.duration>300ms", "GET Products/{id:int}"),
        ])
        {
            await page.Keyboard.PressAsync("/");
            await page.Keyboard.TypeAsync(filter);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page).ToHaveURLAsync(new Regex(@"/\?q="));
            await Expect(page.Locator(".terms .choice").First).ToHaveTextAsync(filter.Split(' ')[0] + "×"); // the new page
            await Expect(page.Locator("html.js")).ToBeAttachedAsync(); // which listens to keys
            await ExpectRowsAsync(page, roots);
            await Expect(page.Locator("#q")).ToHaveValueAsync(filter);
        }

        await page.Locator(".terms .choice").First.ClickAsync();
        await Expect(page.Locator("#q")).ToHaveValueAsync("span.duration>300ms");
    }

    [TestMethod]
    public async Task A_click_filters_and_another_one_takes_it_back()
    {
        await using var visit = await OpenAsync("/");
        foreach (var (choice, roots) in ((string, string)[])
        [
            ("errors", "GET /basket, GET Boom"),
            ("actions", "POST Order, POST Order"),
            ("bank", "GET /basket"),
            ("redirects", "POST Order"),
            ("start", "GET Products/{id:int}, GET /basket, GET, POST Order, POST Order, GET Boom, GET Products/{id:int}, GET Products/{id:int}"),
            ("probes, static files", "GET Products/{id:int}, GET /basket, POST Order, POST Order, GET Boom, GET Products/{id:int}, GET Products/{id:int}, startup"),
        ])
        {
            var link = visit.Page.Locator(".choices").GetByRole(AriaRole.Link, new() { Name = choice, Exact = true });

            await link.ClickAsync();
            await Expect(link).ToHaveAttributeAsync("aria-current", "true");
            await ExpectRowsAsync(visit.Page, roots);

            await link.ClickAsync();
            await Expect(link).ToHaveAttributeAsync("aria-current", "false");
            await Expect(visit.Page.Locator("#rows tr")).ToHaveCountAsync(9);
        }
    }

    [TestMethod]
    public async Task Heads_of_columns_sort()
    {
        await using var visit = await OpenAsync("/?q=kind%3Dserver");
        var head = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Duration" });

        await head.ClickAsync();
        await Expect(visit.Page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Duration↓");
        await Expect(visit.Page.Locator("#rows tr .to").Nth(3)).ToHaveTextAsync("GET /basket");
        await head.ClickAsync();
        await Expect(visit.Page.Locator("th[aria-sort=ascending]")).ToHaveTextAsync("Duration↑");
        await Expect(visit.Page.Locator("#rows tr .to").First).ToHaveTextAsync("GET");
    }

    [TestMethod]
    public async Task A_filter_that_cannot_be_understood_says_why()
    {
        await using var visit = await OpenAsync("/?q=duration%3Elong");

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("'long' is no duration");
    }

    [TestMethod]
    public async Task Times_are_those_of_the_readers_zone()
    {
        await using var tokyo = await OpenAsync("/", new() { TimezoneId = "Asia/Tokyo", Locale = "en-GB" });

        await Expect(tokyo.Page.Locator("#rows time").Last).ToContainTextAsync("12:04:05.000"); // 03:04:05 UTC

        await using var field = await OpenAsync("/?from=2026-01-02T03:04:14Z", new() { TimezoneId = "Asia/Tokyo" });
        await Expect(field.Page.Locator("#rows tr")).ToHaveCountAsync(8);
        await field.Page.Locator(".more summary").ClickAsync();
        await Expect(field.Page.Locator("[name=from]")).ToHaveValueAsync("2026-01-02T12:04:14");
        await field.Page.Locator("[name=from]").FillAsync("2026-01-02T12:04:21");
        await field.Page.Locator("#filter button").ClickAsync();
        await Expect(field.Page.Locator("#rows tr")).ToHaveCountAsync(2);
        StringAssert.Contains(field.Page.Url, "from=2026-01-02T03%3A04%3A21");
    }

    [TestMethod]
    public async Task New_traces_come_by_themselves_but_move_nothing_that_is_being_read()
    {
        await using var viewer = await ServeAsync([Sample.Form(1, 0, true)]);
        await using var visit = await OpenAsync(viewer, "/");
        var page = visit.Page;
        await Expect(page.Locator("#rows tr")).ToHaveCountAsync(1);

        viewer.Store.Add(Sent.Request(Sample.Boom(2, Second).Spans));
        await Expect(page.Locator("#rows tr").First).ToContainTextAsync("GET Boom");

        await page.Locator("#rows tr").Last.HoverAsync();
        viewer.Store.Add(Sent.Request(Sample.File(3, 2 * Second).Spans));
        await Expect(page.Locator("#news")).ToHaveTextAsync("1 new trace");
        await ExpectRowsAsync(visit.Page, "GET Boom, POST Order");

        await page.Locator("#news").ClickAsync();
        await Expect(page.Locator("#news")).ToBeHiddenAsync();
        await ExpectRowsAsync(visit.Page, "GET, GET Boom, POST Order");
        await Expect(page.Locator("#state")).ToContainTextAsync("3 traces");
    }

    [TestMethod]
    public async Task A_trace_is_folded_to_what_matters_and_unfolds()
    {
        await using var visit = await OpenAsync(Path(9));
        var page = visit.Page;
        const string Folded =
            """
            1 GET Products/{id:int} 200
            2 5 middlewares , 100 µs of their own
            3 endpoint Products/{id:int}
            4 page /Products/Details OnGetAsync
            5 14 × SELECT Products N+1
            4 view /Pages/Products/Details.cshtml
            """;
        Assert.AreEqual(Folded, await visit.WaterfallAsync());
        await Expect(page.Locator("#tree .repeat .t")).ToHaveTextAsync("224 ms");

        await page.GetByText("5 middlewares").ClickAsync();
        await Expect(page.Locator("#tree .member:visible")).ToHaveCountAsync(5);
        await page.GetByText("14 × SELECT Products").ClickAsync();
        await Expect(page.Locator("#tree .r:visible")).ToHaveCountAsync(25);
        await page.GetByRole(AriaRole.Link, new() { Name = "unfold all" }).ClickAsync(); // all is open: folds
        Assert.AreEqual(Folded, await visit.WaterfallAsync());
        await page.Locator("#tree .r").First.Locator(".tw").ClickAsync();
        await Expect(page.Locator("#tree .r:visible")).ToHaveCountAsync(1);
    }

    [TestMethod]
    public async Task One_mark_says_which_span_threw_and_its_details_show_the_apps_frames()
    {
        await using var visit = await OpenAsync(Path(4));
        var page = visit.Page;
        await Expect(page.Locator("#tree .threw.r a")).ToHaveTextAsync("page /Boom OnGet");
        await Expect(page.Locator("#tree .badge.threw")).ToHaveTextAsync("threw InvalidOperationException");
        await Expect(page.Locator("#tree .err")).ToHaveCountAsync(6); // the request, two middlewares and the row they are folded into, the endpoint, the page

        await page.Locator(".thrown .pick").ClickAsync();

        var details = page.Locator("#details");
        await Expect(details.Locator("h2")).ToHaveTextAsync("page /Boom OnGet");
        await Expect(details.Locator(".stack .app")).ToHaveTextAsync("   at Shop.Pages.BoomModel.OnGet() in /src/shop/Pages/Boom.cshtml.cs:line 12");
        await Expect(details.Locator(".stack .app a")).ToHaveAttributeAsync("href", "vscode://file/src/shop/Pages/Boom.cshtml.cs:12");
        StringAssert.EndsWith(page.Url, $"span={Sample.SpanId(6)}#{Sample.SpanId(6)}");
        await page.Keyboard.PressAsync("Escape");
        await Expect(details).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task Badges_say_what_became_of_a_request()
    {
        await using (var redirect = await OpenAsync(Path(6)))
            await Expect(redirect.Page.Locator("#tree")).ToContainTextAsync("→ /Thanks");
        await using (var invalid = await OpenAsync(Path(5)))
            await Expect(invalid.Page.Locator("#tree")).ToContainTextAsync("validation failed");
        await using (var file = await OpenAsync(Path(7)))
            await Expect(file.Page.Locator("#tree")).ToContainTextAsync("short circuit");
        await using (var remote = await OpenAsync(Path(8)))
            await Expect(remote.Page.Locator("#tree .r").Last).ToContainTextAsync("GET /paybank503");
    }

    [TestMethod]
    public async Task A_link_to_a_span_opens_what_hides_it_and_its_details()
    {
        await using var visit = await OpenAsync($"{Path(2)}#{Sample.SpanId(12)}"); // a query in the loop
        var row = visit.Page.Locator($"[id='{Sample.SpanId(12)}']");

        await Expect(row).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#details h2")).ToHaveTextAsync("SELECT Products");
        await Expect(visit.Page.Locator("#details")).ToContainTextAsync("SELECT Products WHERE Id = ?");

        await visit.Page.GotoAsync($"{Path(2)}?span={Sample.SpanId(8)}");
        await Expect(visit.Page.Locator("#details .source")).ToHaveTextAsync("Details.cshtml.cs:17");
        await Expect(visit.Page.Locator("#details .source")).ToHaveAttributeAsync("href", "vscode://file/src/shop/Pages/Details.cshtml.cs:17");
    }

    [TestMethod]
    public async Task A_trace_is_read_with_the_keyboard()
    {
        await using var visit = await OpenAsync(Path(9));
        var page = visit.Page;
        async Task PressAsync(params string[] keys)
        {
            foreach (var key in keys)
                await page.Keyboard.PressAsync(key);
        }

        await PressAsync("ArrowDown", "ArrowDown");
        await Expect(page.Locator(".r:focus")).ToContainTextAsync("5 middlewares");
        await PressAsync("ArrowRight");
        await Expect(page.Locator("#tree .member:visible")).ToHaveCountAsync(5);
        await PressAsync("ArrowRight");
        await Expect(page.Locator(".r:focus")).ToContainTextAsync("middleware ExceptionHandler");
        await PressAsync("ArrowLeft");
        await Expect(page.Locator(".r:focus")).ToContainTextAsync("5 middlewares");
        await PressAsync("ArrowLeft");
        await Expect(page.Locator("#tree .member:visible")).ToHaveCountAsync(0);
        await PressAsync("End");
        await Expect(page.Locator(".r:focus")).ToContainTextAsync("view /Pages/Products");
        await PressAsync("Enter");
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("view /Pages/Products/Details.cshtml");
        await PressAsync("Escape", "/");
        await page.Keyboard.TypeAsync("ONGETASYNC");
        await Expect(page.Locator("#found")).ToHaveTextAsync("1 of 1");
        await Expect(page.Locator(".r.current")).ToContainTextAsync("page /Products/Details OnGetAsync");
        await PressAsync("Escape", "+", "+");
        await Expect(page.Locator("#ticks span").Nth(0)).ToHaveTextAsync("150 ms");
        await PressAsync("]");
        await Expect(page.Locator("#ticks span").Nth(0)).ToHaveTextAsync("175 ms");
        await PressAsync("0", "?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task The_overview_zooms_and_a_click_shows_all_again()
    {
        await using var visit = await OpenAsync(Path(9));
        var page = visit.Page;
        var box = (await page.Locator("#minimap svg").BoundingBoxAsync())!;

        await page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 3 / 4, box.Y + 10);
        await page.Mouse.UpAsync();
        await Expect(page.Locator("#ticks span").Nth(0)).ToHaveTextAsync("200 ms");
        await Expect(page.Locator("#ticks span").Nth(2)).ToHaveTextAsync("250 ms");

        await page.Mouse.ClickAsync(box.X + 50, box.Y + 10);
        await Expect(page.Locator("#ticks span").Nth(2)).ToHaveTextAsync("200 ms");
    }

    [TestMethod]
    public async Task A_very_large_trace_shows_its_first_rows_at_once_and_the_others_as_they_come()
    {
        var large = new Sample(1);
        var root = large.AddRequest("GET /large", 0, 1_000_000);
        for (var i = 0UL; i < 600; i++)
            large.Add(root, $"step {i}", i * 1000, i * 1000 + 900);
        await using var viewer = await ServeAsync([large]);
        await using var visit = await OpenAsync(viewer, $"/trace/{large.TraceId}#{Sample.SpanId(601)}");

        await Expect(visit.Page.Locator("#details h2")).ToHaveTextAsync("step 599");
        await Expect(visit.Page.Locator($"[id='{Sample.SpanId(601)}']")).ToBeInViewportAsync();
        await Expect(visit.Page.Locator("#tree .r")).ToHaveCountAsync(601);

        await using var plain = await OpenAsync(viewer, $"/trace/{large.TraceId}", new() { JavaScriptEnabled = false });
        await Expect(plain.Page.Locator("#tree .r")).ToHaveCountAsync(300);
        await plain.Page.Locator("#rest a").ClickAsync();
        await Expect(plain.Page.Locator("#tree .r")).ToHaveCountAsync(601);
    }

    [TestMethod]
    public async Task The_pages_say_what_was_let_go()
    {
        await using var viewer = await ViewerServer.StartAsync(new ViewerOptions { Port = 0, HttpPort = 0, GrpcPort = 0, MemoryBytes = 1 << 20 });
        for (var i = 1; viewer.Store.State.DroppedTraces == 0; i++)
        {
            Assert.IsLessThan(20_000, i, "Nothing was let go.");
            viewer.Store.Add(Sent.Request(Sample.Page(i, (ulong)i * Second).Spans));
        }

        await using var visit = await OpenAsync(viewer, "/", new() { TimezoneId = "UTC", Locale = "en-GB" });

        await Expect(visit.Page.Locator("#state .note")).ToContainTextAsync("let go, the oldest first; those here started after 2 Jan 2026");
    }

    [TestMethod]
    public async Task A_span_is_copied_as_JSON()
    {
        await using var visit = await OpenAsync($"{Path(4)}?span={Sample.SpanId(6)}", new() { Permissions = ["clipboard-read", "clipboard-write"] });

        await visit.Page.Locator("#copy-json").ClickAsync();
        await Expect(visit.Page.Locator("#copy-json")).ToHaveTextAsync("copied");

        using var json = JsonDocument.Parse(await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.AreEqual("page /Boom OnGet", json.RootElement.GetProperty("name").GetString());
        Assert.AreEqual("The shop is on fire.", json.RootElement.GetProperty("events")[0].GetProperty("attributes").GetProperty("exception.message").GetString());
    }

    [TestMethod]
    public async Task A_route_tells_where_its_time_goes()
    {
        await using var visit = await OpenAsync("/routes");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "GET Products/{id:int}" }).ClickAsync();

        await Expect(page.Locator(".tiles")).ToContainTextAsync("requests3 errors0 p5040.0 ms");
        var cost = page.Locator(".costs tbody tr").First;
        await Expect(cost).ToContainTextAsync("SELECT Products");
        await Expect(cost).ToContainTextAsync("14×");
        await Expect(page.Locator(".flames text").First).ToHaveTextAsync("GET Products/{id:int}");
        await Expect(page.Locator(".dots circle")).ToHaveCountAsync(3);

        await page.Locator(".examples").GetByRole(AriaRole.Link, new() { Name = "compare" }).First.ClickAsync();
        await Expect(page.Locator(".sides")).ToContainTextAsync("+360 ms");
    }

    [TestMethod]
    public async Task Two_traces_are_chosen_and_compared()
    {
        await using var visit = await OpenAsync(Path(2));
        var page = visit.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "compare with …" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "GET Products/{id:int}" }).Last.ClickAsync();

        await Expect(page.Locator(".sides")).ToContainTextAsync("+20.0 ms (+100 %)");
        var query = page.Locator(".compare tbody tr", new() { HasText = "SELECT Products" });
        await Expect(query).ToContainTextAsync("+11.2 ms");
    }

    [TestMethod]
    public async Task A_route_is_compared_before_and_after_a_moment()
    {
        await using var visit = await OpenAsync($"/route?service=shop&name={Uri.EscapeDataString("GET Products/{id:int}")}", new() { TimezoneId = "America/New_York" });
        var page = visit.Page;

        await page.Locator("[name=at]").FillAsync("2026-01-01T22:04:20"); // 03:04:20 UTC: two before, one after
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await Expect(page.Locator(".sides")).ToContainTextAsync("40.0 ms median of 2");
        await Expect(page.Locator(".sides")).ToContainTextAsync("400 ms");
    }

    [TestMethod]
    public async Task The_map_says_who_calls_whom()
    {
        await using var visit = await OpenAsync("/map");

        await Expect(visit.Page.Locator(".services .name")).ToHaveTextAsync(["shop", "bank"]);
        await Expect(visit.Page.Locator("tbody tr")).ToHaveTextAsync("shopbank115.00 ms");
    }

    [TestMethod]
    public async Task Everything_can_be_read_without_JavaScript()
    {
        await using var visit = await OpenAsync("/", new() { JavaScriptEnabled = false });
        var page = visit.Page;

        await page.Locator("#q").FillAsync("FIRE");
        await page.Locator("#filter button").ClickAsync();
        await page.Locator("#rows .to").ClickAsync();
        await page.Locator("#fold").ClickAsync();
        await Expect(page.Locator("#tree .member:visible")).ToHaveCountAsync(2);
        await page.Locator("#tree").GetByRole(AriaRole.Link, new() { Name = "page /Boom OnGet" }).ClickAsync();
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("page /Boom OnGet");
        await page.Locator("#find").FillAsync("visitor");
        await page.Locator("#find").PressAsync("Enter");
        await Expect(page.Locator("#found")).ToHaveTextAsync("1 found");
        await Expect(page.Locator("#tree .found")).ToContainTextAsync("middleware Visitor");
    }

    [TestMethod]
    [DataRow("/nothing", 404)]
    [DataRow("/trace/0123456789abcdef0123456789abcdef", 404)]
    [DataRow("/trace/%3Cscript%3E", 404)]
    [DataRow("/route?service=a&name=b", 404)]
    [DataRow("/route", 404)]
    [DataRow("/compare?a=1234", 404)]
    [DataRow("/compare", 200)]
    [DataRow("/compare?service=shop&name=x&at=2026-01-01", 404)]
    [DataRow("/?order=none&page=-1&since=x&from=y&to=9999-99-99", 200)]
    [DataRow("/?page=999999", 200)]
    [DataRow("/?since=99999999m", 200)]
    [DataRow("/?from=0001-01-01", 200)]
    public async Task Wrong_addresses_get_an_answer(string path, int status)
    {
        using var client = new HttpClient { BaseAddress = Viewer.Endpoint };
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), test.CancellationToken);

        Assert.AreEqual(status, (int)answer.StatusCode);
    }

    [TestMethod]
    public async Task Assets_are_asked_for_again_and_not_sent_again()
    {
        using var client = new HttpClient { BaseAddress = Viewer.Endpoint };
        foreach (var name in (string[])["viewer.css", "viewer.js", "icon.svg"])
        {
            using var first = await client.GetAsync(new Uri($"/assets/{name}", UriKind.Relative), test.CancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/assets/{name}", UriKind.Relative)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
            using var second = await client.SendAsync(request, test.CancellationToken);
            Assert.AreEqual((200, 304), ((int)first.StatusCode, (int)second.StatusCode));
        }
    }

    [TestMethod]
    public async Task No_page_has_a_barrier()
    {
        await using var visit = await OpenAsync("/");

        Assert.AreEqual("", await BarriersAsync(visit, AllPages, new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));

        // The one thing that goes wrong here is meant to: the page of a trace that there is not.
        visit.Forgive("404");
    }

    [TestMethod]
    public async Task Colours_of_the_dark_can_be_told_apart()
    {
        await using var visit = await OpenAsync("/", new() { ColorScheme = ColorScheme.Dark });

        Assert.AreEqual("", await BarriersAsync(visit, AllPages[2..5], new() { Type = "rule", Values = ["color-contrast"] }));
        Assert.AreEqual("rgb(19, 23, 29)", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [TestMethod]
    public async Task A_phone_shows_all_of_a_page()
    {
        await using var visit = await OpenAsync("/", new() { ViewportSize = new() { Width = 390, Height = 800 }, IsMobile = true });
        var page = visit.Page;
        foreach (var path in AllPages)
        {
            await page.GotoAsync(path);
            Assert.IsLessThanOrEqualTo(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), path);
        }

        visit.Forgive("404");
        await page.GotoAsync(Path(4));
        await page.Locator("#tree .threw.r a").ClickAsync();
        await Expect(page.Locator("#details h2")).ToBeInViewportAsync();
        await page.Locator(".close").ClickAsync();
        await Expect(page.Locator("#details")).ToBeHiddenAsync();
        Assert.AreEqual("", await BarriersAsync(visit, ["/", Path(4)], new() { Type = "rule", Values = ["color-contrast", "target-size", "scrollable-region-focusable"] }));
    }

    [TestMethod]
    public async Task Scripts_and_control_characters_in_every_field_are_text()
    {
        const string Planted = "<script>window.planted=1</script><img src=x onerror=window.planted=1>\"'`${window.planted=1}</title></style>\u0001\u001b[31m\u202e</textarea>";
        var planted = new Sample(1);
        ReceivedSpan Plant(ReceivedSpan span) => span.With(
            (Planted, Planted), ("http.route", Planted), ("url.path", Planted), ("url.full", $"javascript:{Planted}"), ("http.request.method", Planted), ("http.response.status_code", Planted),
            ("dispatch.kind", "hook"), ("dispatch.result.type", "redirect"), ("dispatch.result.location", Planted), ("db.query.text", Planted), ("code.file.path", $"/{Planted}"), ("code.line.number", Planted),
            ("dispatch.authorization.result", Planted), ("rpc.response.status_code", Planted)) with
        {
            Kind = SpanKind.Server, StatusCode = SpanStatusCode.Error, StatusMessage = Planted, ScopeName = Planted, ScopeVersion = Planted, TraceState = Planted,
            Resource = new OrderedDictionary<string, object?> { ["service.name"] = Planted, [Planted] = Planted },
            Links = [new SpanLink(Make.TraceId('c'), Make.SpanId('d'), new OrderedDictionary<string, object?> { [Planted] = Planted })],
            Events =
            [
                new SpanEvent("exception", span.EndUnixNano, new OrderedDictionary<string, object?>
                {
                    ["exception.type"] = Planted, ["exception.message"] = Planted, ["exception.stacktrace"] = $"{Planted}\n   at {Planted}() in /{Planted}:line 1\n   at A.B() in javascript:{Planted}:line 2", [Planted] = Planted,
                }),
                new SpanEvent(Planted, span.EndUnixNano, new OrderedDictionary<string, object?>()),
            ],
        };
        var root = planted.Add(null, Planted, 0, 1000, Plant);
        var hook = planted.Add(root, Planted, 10, 990, Plant);
        for (var i = 0UL; i < 6; i++)
            planted.Add(hook, Planted, i * 100, i * 100 + 50, span => Plant(span).From("other" + Planted));
        await using var viewer = await ServeAsync([planted]);
        await using var visit = await OpenAsync(viewer, "/");
        var page = visit.Page;
        var query = Uri.EscapeDataString(Planted);

        foreach (var path in (string[])
        [
            "/", $"/?q={query}", $"/?q=name%3D{query}&order={query}&hide={query}", $"/trace/{planted.TraceId}", $"/trace/{planted.TraceId}?span={Sample.SpanId(1)}&open=all&find={query}",
            "/routes", $"/route?service={query}&name={query}", $"/compare?a={planted.TraceId}&b={planted.TraceId}", $"/compare?a={planted.TraceId}&b={query}", "/map", $"/trace/{query}",
        ])
        {
            await page.GotoAsync(path);
            Assert.IsFalse(await page.EvaluateAsync<bool>("'planted' in window"), path);
            Assert.AreEqual(0, await page.Locator("img, script:not([src='/assets/viewer.js']), a[href^='javascript:' i]").CountAsync(), path);
            StringAssert.Contains(await page.Locator("body").TextContentAsync(), path.StartsWith("/?q=", StringComparison.Ordinal) ? "" : "<script>window.planted=1<", path);
        }

        await page.GotoAsync($"/trace/{planted.TraceId}?span={Sample.SpanId(1)}");
        StringAssert.Contains(await page.Locator("#details h2").TextContentAsync(), "␁␛[31m\\u202E</textarea>");
        await page.Locator("#tree .r").First.ClickAsync();
        await Expect(page.Locator("#details h2")).ToContainTextAsync("<script>");
        Assert.IsFalse(await page.EvaluateAsync<bool>("'planted' in window"));
        visit.Forgive("404");
    }

    static string[] AllPages =>
    [
        "/", "/?q=error+duration%3Ex&hide=start,noise", $"{Path(9)}?open=all", $"{Path(4)}?span={Sample.SpanId(6)}&find=boom", "/routes",
        $"/route?service=shop&name={Uri.EscapeDataString("GET Products/{id:int}")}", $"/compare?a={s_all[1].TraceId}&b={s_all[2].TraceId}", $"/compare?a={s_all[1].TraceId}", "/map", "/trace/1",
    ];

    static Task ExpectRowsAsync(IPage page, string roots) => Expect(page.Locator("#rows tr .to")).ToHaveTextAsync(roots.Split(", "));

    /// <summary>What axe finds, a line each.</summary>
    static async Task<string> BarriersAsync(Visit visit, IEnumerable<string> paths, RunOnlyOptions rules)
    {
        var barriers = new List<string>();
        foreach (var path in paths)
        {
            await visit.Page.GotoAsync(path);
            var result = await visit.Page.RunAxe(new() { RunOnly = rules, ResultTypes = [ResultType.Violations] });
            barriers.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Take(3).Select(node => $"{path}: {violation.Id}: {node.Html}")));
        }

        return string.Join('\n', barriers);
    }

    static async Task<ViewerServer> ServeAsync(IEnumerable<Sample> samples)
    {
        var viewer = await ViewerServer.StartAsync(new ViewerOptions { Port = 0, HttpPort = 0, GrpcPort = 0 });
        foreach (var sample in samples)
            viewer.Store.Add(Sent.Request(sample.Spans));
        return viewer;
    }

    Task<Visit> OpenAsync(string path, BrowserNewContextOptions? options = null) => OpenAsync(Viewer, path, options);

    async Task<Visit> OpenAsync(ViewerServer viewer, string path, BrowserNewContextOptions? options = null)
    {
        var visit = await Browser.OpenAsync(viewer.Endpoint, path, options);
        _visits.Add(visit);
        return visit;
    }

    static string Path(int trace) => $"/trace/{s_all[trace - 1].TraceId}";
}
