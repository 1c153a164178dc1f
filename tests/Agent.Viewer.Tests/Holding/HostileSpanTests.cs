using System.Text;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Whatever spans say: they are taken or refused with a sentence, and everything can be asked for afterwards.</summary>
[TestClass]
public sealed class HostileSpanTests(TestContext context)
{
    [TestMethod]
    public async Task Nothing_at_all_is_shown_as_nothing()
    {
        await using var held = await Held.StartAsync(context);
        await held.AskEverythingAsync(0);
    }

    [TestMethod]
    public async Task Times_of_any_number_are_listed_shown_and_compared()
    {
        await using var held = await Held.StartAsync(context);
        Assert.AreEqual((0, ""), await held.SendAsync(Hostile.Request(Hostile.Times())));
        await held.AskEverythingAsync(50, spans: 3);
    }

    [TestMethod]
    public async Task Spans_that_are_their_own_ancestors_or_come_twice_are_shown_once()
    {
        await using var held = await Held.StartAsync(context);
        Assert.AreEqual((0, ""), await held.SendAsync(Hostile.Request(Hostile.Parents())));
        await held.AskEverythingAsync(6, spans: 60);
        Assert.AreEqual(50, held.Server.Store.Find("3")!.Nodes.Count);
        Assert.AreEqual("first", held.Server.Store.Find("6")!.Nodes.Single().Span.Name);
        Assert.AreEqual(2, held.Server.Store.State.Repeated);
    }

    [TestMethod]
    public async Task Values_of_any_kind_are_shown_and_handed_on()
    {
        await using var held = await Held.StartAsync(context);
        var (rejected, message) = await held.SendAsync(Hostile.Request(Hostile.Values()));
        Assert.AreEqual(0, rejected);
        Assert.Contains("values are cut or left out", message);
        await held.AskEverythingAsync(4);
        var span = held.Server.Store.Find("b")!.Nodes.Single().Span;
        Assert.AreEqual(int.MaxValue, Math.Min(span.DroppedAttributes, Math.Min(span.DroppedEvents, span.DroppedLinks)), "More than a number holds are as many as it holds, not fewer than none.");
    }

    [TestMethod]
    public async Task Planted_scripts_and_control_characters_are_text_everywhere()
    {
        await using var held = await Held.StartAsync(context);
        Assert.AreEqual((0, ""), await held.SendAsync(Hostile.Everywhere(Hostile.Planted)));
        await held.AskEverythingAsync(2, spans: 12);
        foreach (var trace in (string[])["1", "2"])
        {
            var printed = new StringWriter();
            new TracePrinter(printed, new TracePrinterOptions { Color = false }).Print(held.Server.Store.Find(trace)!);
            Assert.IsFalse(printed.ToString().Any(static c => char.IsControl(c) && c != '\n'), "A terminal must not be told anything by a span.");
        }
    }

    [TestMethod]
    public async Task Ids_of_other_lengths_are_refused_with_a_count_and_a_sentence_that_a_terminal_can_show()
    {
        await using var held = await Held.StartAsync(context);
        var spans = new List<Span> { Hostile.Span(1, 1, 0) };
        foreach (var length in (int[])[0, 1, 7, 8, 9, 15, 17, 32, 1000])
        {
            var trace = Hostile.Span(1, 2, 0, "odd \u001b[31m\u0000 name");
            trace.TraceId = ByteString.CopyFrom(Enumerable.Repeat((byte)7, length).ToArray());
            spans.Add(trace);
            if (length == 8)
                continue;
            var span = Hostile.Span(1, 3, 0);
            span.SpanId = trace.TraceId;
            spans.Add(span);
            if (length == 0)
                continue;
            var parent = Hostile.Span(1, 4, 0);
            parent.ParentSpanId = trace.TraceId;
            spans.Add(parent);
        }

        var (rejected, message) = await held.SendAsync(Hostile.Request(spans));
        Assert.AreEqual(spans.Count - 1, rejected);
        Assert.Contains("must have 16", message);
        Assert.IsFalse(message.Any(char.IsControl), message);
        await held.AskEverythingAsync(1);
    }

    [TestMethod]
    public async Task Invalid_utf8_is_replaced_everywhere()
    {
        await using var held = await Held.StartAsync(context);
        // As long as the text that it replaces, so that all lengths stay right.
        const string Marker = "QQQQQQQQ";
        var request = Hostile.Everywhere(Marker).ToByteArray();
        byte[] broken = [0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8];
        for (int at; (at = request.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Marker))) >= 0;)
            broken.CopyTo(request, at);
        Assert.AreEqual((0, ""), await held.SendAsync(request));
        await held.AskEverythingAsync(2, spans: 12);
    }
}
