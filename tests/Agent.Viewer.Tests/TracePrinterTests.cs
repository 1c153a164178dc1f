using System.Text.RegularExpressions;

namespace Agent.Viewer.Tests;

[TestClass]
public sealed class TracePrinterTests
{
    [TestMethod]
    public void A_request_reads_as_a_tree_with_times_on_one_scale()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  20.0 ms  6 spans  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              GET /orders/{id}                  20.0 ms  ████████████████████  200  handle
              └╴middleware Routing              19.8 ms  ████████████████████
                ├╴page /Orders OnGetAsync       11.0 ms   ███████████          load  orders/{id?}
                │ ├╴model binding                 40 µs   ▏
                │ └╴SELECT orders               5.00 ms       █████            SELECT * FROM orders WHERE id =…
                └╴result PageResult             7.20 ms              ▐███████

            """,
            100,
            Make.Span('1', null, "GET /orders/{id}", 0, 20_000)
                .With(("dispatch.kind", "handle"), ("http.route", "/orders/{id}"), ("http.response.status_code", 200L)),
            Make.Span('2', '1', "middleware Routing", 100, 19_900).With(("dispatch.kind", "handle"), ("dispatch.middleware.short_circuited", false)),
            Make.Span('3', '2', "page /Orders OnGetAsync", 1_000, 12_000)
                .With(("http.route", "orders/{id?}"), ("dispatch.kind", "load"), ("dispatch.result.type", "success")),
            Make.Span('4', '3', "model binding", 1_000, 1_040),
            Make.Span('5', '3', "SELECT orders", 5_000, 10_000)
                .With(("db.query.text", "SELECT *\n  FROM orders\n  WHERE id = @id AND customer = @customer")),
            Make.Span('6', '2', "result PageResult", 12_500, 19_700).With(("dispatch.kind", "handle")));
    }

    [TestMethod]
    public void An_error_is_marked_and_explained_below_its_span()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  2.00 ms  3 spans  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            ✗ POST /orders                      2.00 ms  ████████████████████  500
            ✗ └╴action Orders.Create            1.90 ms  ███████████████████   unknown_error
                │ Shop.OutOfStock: 3 left
                │ Order refused
                └╴INSERT orders                  100 µs                    █   error.type: see message

            """,
            100,
            Make.Span('1', null, "POST /orders", 0, 2_000).Failed().With(("http.response.status_code", 500L), ("error.type", "500")),
            Make.Span('2', '1', "action Orders.Create", 0, 1_900).Failed("Order refused").Throwing("Shop.OutOfStock", "3 left")
                .With(("error.type", "Shop.OutOfStock"), ("dispatch.result.type", "unknown_error")),
            Make.Span('3', '2', "INSERT orders", 1_800, 1_900).With(("error.type", "error.type: see message")));
    }

    [TestMethod]
    public void A_status_message_that_the_exception_says_already_is_not_repeated()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  1.00 ms  1 span  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            ✗ job                               1.00 ms  ████████████████████
                System.TimeoutException: Too slow: 3 s

            """,
            100,
            Make.Span('1', null, "job", 0, 1_000).Failed("Too slow").Throwing("System.TimeoutException", "Too slow:\n3 s"));
    }

    [TestMethod]
    public void Redirects_failures_and_short_circuits_are_said_in_words()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  1.00 ms  3 spans  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              POST /login                       1.00 ms  ████████████████████  303
              ├╴page /Login OnPostAsync          500 µs  ██████████            form_action  redirect  303  → /
              └╴middleware StaticFile            500 µs            ██████████  short-circuited

            """,
            100,
            Make.Span('1', null, "POST /login", 0, 1_000).With(("http.response.status_code", 303L)),
            Make.Span('2', '1', "page /Login OnPostAsync", 0, 500).With(
                ("dispatch.kind", "form_action"),
                ("dispatch.result.type", "redirect"),
                ("dispatch.result.status", 303L),
                ("dispatch.result.location", "/")),
            Make.Span('3', '1', "middleware StaticFile", 500, 1_000).With(("dispatch.middleware.short_circuited", true)));
    }

    [TestMethod]
    public void A_second_process_and_links_are_named()
    {
        AssertPrinted(
            """
            ● shop, stock  03:04:05.000  1.00 ms  2 spans  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              GET                               1.00 ms  ████████████████████  http://stock/17
              │ ↗ links to trace bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
              │ ↗ links to span 2222222222222222 of this trace
              │ ↗ links to trace cccccccccccccccccccccccccccccccc
              │ ↗ and 1 more link
              └╴GET /stock/{id}                  500 µs       ██████████       @stock

            """,
            100,
            Make.Span('1', null, "GET", 0, 1_000).With(("url.full", "http://stock/17")).LinkedTo(('b', '1'), ('a', '2'), ('c', '1'), ('d', '1')),
            Make.Span('2', '1', "GET /stock/{id}", 250, 750).From("stock"));
    }

    [TestMethod]
    public void Missing_parents_and_a_continuation_are_said_in_the_header()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  1.00 ms  2 spans  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  (continued)  1 span without its parent
              root                              1.00 ms  ████████████████████████
              stray                              100 µs              ██▌           parent missing

            """,
            120,
            isContinued: true,
            Make.Span('1', null, "root", 0, 1_000),
            Make.Span('2', '9', "stray", 500, 600));
    }

    [TestMethod]
    public void Nothing_is_wider_than_asked_for()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  1.00 ms  2 spans  aaaaaaaaaaaaaaaaaaa…
              GET /api/customers/{…  1.00 ms  ████████████  dispatch-an…
              │ System.Exception: a message that says much more than th…
              └╴handler with a ver…  1.00 ms  ████████████  http://loca…

            """,
            60,
            Make.Span('1', null, "GET /api/customers/{customer}/orders", 0, 1_000)
                .With(("dispatch.kind", "dispatch-and-more")).Throwing("System.Exception", "a message that says much more than the line can hold"),
            Make.Span('2', '1', "handler with a very long name", 0, 1_000).With(("url.full", "http://localhost:5000/api")));
    }

    [TestMethod]
    public void Control_codes_of_a_sender_do_not_reach_the_terminal()
    {
        AssertPrinted(
            """
            ● shop  03:04:05.000  1.00 ms  1 span  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              a [31mred name                    1.00 ms  ████████████████████  [2J

            """,
            100,
            Make.Span('1', null, "a\n\e[31mred name", 0, 1_000).With(("url.full", "\e[2J")));
    }

    [TestMethod]
    public void A_very_deep_tree_shows_its_last_levels()
    {
        var spans = Enumerable.Range(0, 5_000).Select(i => Make.Span('0', null, $"level {i}", 0, 1_000) with
        {
            SpanId = $"{i:x16}",
            ParentSpanId = i == 0 ? null : $"{i - 1:x16}",
        });

        var lines = Print(100, false, [.. spans]).Split('\n');

        Assert.AreEqual("  └╴level 1                                      1.00 ms  ████████████████████", lines[2]);
        Assert.AreEqual("  …                         └╴level 4999         1.00 ms  ████████████████████", lines[5_000]);
    }

    [TestMethod]
    public void Colours_are_only_added()
    {
        ReceivedSpan[] spans = [Make.Span('1', null, "GET /", 0, 1_000), Make.Span('2', '1', "x", 0, 500).Failed("no")];

        var colored = Print(100, false, spans, color: true);

        Assert.StartsWith("\e[31m●\e[0m \e[1mshop\e[0m  03:04:05.000  \e[1m1.00 ms\e[0m  2 spans  \e[2maaaa", colored);
        Assert.Contains("\e[31m✗\e[0m \e[2m└╴\e[0m\e[31mx\e[0m ", colored);
        Assert.AreEqual(Print(100, false, spans), Regex.Replace(colored, "\e\\[[0-9]+m", ""));
    }

    [TestMethod]
    public void The_interesting_attributes_are_the_readers_choice()
    {
        var output = new StringWriter();
        var options = new TracePrinterOptions { Width = 100, Color = false, TimeZone = TimeZoneInfo.Utc, Attributes = ["flags", "user.id", "url.full"] };

        new TracePrinter(output, options).Print(new Trace(
        [
            Make.Span('1', null, "job", 0, 1_000)
                .With(("url.full", "x"), ("http.response.status_code", 200L), ("user.id", 17L), ("flags", (object?[])[true, 1.5, null])),
        ]));

        Assert.EndsWith(
            "  job                               1.00 ms  ████████████████████  flags=[true, 1.5, null]  user.id…\n\n",
            output.ToString());
    }

    static void AssertPrinted(string expected, int width, params ReceivedSpan[] spans) => AssertPrinted(expected, width, false, spans);

    static void AssertPrinted(string expected, int width, bool isContinued, params ReceivedSpan[] spans) =>
        Assert.AreEqual(expected + "\n", Print(width, isContinued, spans));

    static string Print(int width, bool isContinued, ReceivedSpan[] spans, bool color = false)
    {
        var output = new StringWriter();
        var options = new TracePrinterOptions { Width = width, Color = color, TimeZone = TimeZoneInfo.Utc };
        new TracePrinter(output, options).Print(new Trace(spans), isContinued);
        return output.ToString();
    }
}
