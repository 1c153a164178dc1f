using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>
/// Every way in which a process ends is the same with the agent: exit code, standard output, and what .NET prints of exceptions on standard
/// error. What is finished by then is sent, where .NET leaves time for it; nothing waits for a collector longer than five seconds.
/// </summary>
[TestClass]
public sealed partial class EndsTests
{
    [TestMethod]
    [DataRow("return", 7, true)]
    [DataRow("throw", 134, true)]
    [DataRow("throw on another thread", 134, true)]
    [DataRow("exit", 9, true)]
    [DataRow("fail fast", 134, false)]
    public async Task A_program_that_ends_by_itself(string how, int exitCode, bool isSent)
    {
        await using var collector = await StartCollector();
        await using var without = TestApp.Start("Courier", ["end", how]);
        await using var with = TestApp.Start("Courier", ["end", how], WithAgent(collector));
        var (expected, actual) = (await without.End(), await with.End());
        Assert.AreEqual((ExitCodeHere(how, exitCode), "ending"), (expected.ExitCode, expected.Output), "without the agent");
        SameEnd(expected, actual, "Courier", collector);
        Assert.HasCount(isSent ? 1 : 0, collector.Spans);
    }

    [TestMethod]
    [DataRow("TERM", 143, true)]
    [DataRow("INT", 130, true)]
    [DataRow("KILL", 137, false)]
    public async Task A_program_that_a_signal_ends(string signal, int exitCode, bool isSent)
    {
        OtherSystem.Needs(signal);
        await using var collector = await StartCollector();
        await using var without = TestApp.Start("Courier", ["end", "by a signal"]);
        await using var with = TestApp.Start("Courier", ["end", "by a signal"], WithAgent(collector));
        var ends = new List<EndedApp>();
        foreach (var app in (TestApp[])[without, with])
        {
            await app.FirstLine;
            await app.Signal(signal);
            ends.Add(await app.End());
        }
        Assert.AreEqual((ExitCodeHere(signal, exitCode), "ending", ""), (ends[0].ExitCode, ends[0].Output, ends[0].Error), "without the agent");
        SameEnd(ends[0], ends[1], "Courier", collector);
        Assert.HasCount(isSent ? 1 : 0, collector.Spans);
    }

    [TestMethod]
    [DataRow("/exit", 9, "GET /hello")]
    [DataRow("/throw", 134, "GET /hello")]
    [DataRow("/fail-fast", 134, "")]
    [DataRow("/stop", 5, "GET /hello, GET /stop")]
    [DataRow("TERM", 5, "GET /hello")]
    [DataRow("INT", 5, "GET /hello")]
    [DataRow("KILL", 137, "")]
    public async Task A_web_app(string how, int exitCode, string sent)
    {
        OtherSystem.Needs(how);
        await using var collector = await StartCollector();
        var port = TestApp.FreePort(); // the same for both, so that standard output can be compared
        var without = await Visit(port, how);
        var with = await Visit(port, how, WithAgent(collector));
        Assert.AreEqual(ExitCodeHere(how, exitCode), without.ExitCode, "without the agent");
        SameEnd(without, with, "Farewell", collector);
        Assert.AreEqual(sent, string.Join(", ", collector.Spans.Where(span => span.Kind == Viewer.SpanKind.Server).Select(span => span.Name)));
    }

    [TestMethod]
    [TestCategory("NotUnderWine")] // it has no pipe that is a file
    [DataRow("TERM")]
    [DataRow("INT")]
    public async Task A_web_app_whose_agent_was_late_sends_the_request_that_was_going_on(string signal)
    {
        await using var collector = await StartCollector();
        using var certificates = new Certificates();
        // Whoever reads it waits until it is written: the app is there long before its tracing.
        var pipe = certificates.AuthorityFile + ".pipe";
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        await using var app = TestApp.Start("Farewell", ["--urls", "http://127.0.0.1:0"], [.. WithAgent(collector), ("OTEL_EXPORTER_OTLP_CERTIFICATE", pipe)]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        await app.Told("the app goes on without waiting");
        await File.WriteAllBytesAsync(pipe, await File.ReadAllBytesAsync(certificates.AuthorityFile));
        await app.Told("tracing Farewell");
        using var answer = await client.GetAsync(new Uri("/until-stopped", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await app.Signal(signal);
        Assert.AreEqual("goodbye", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(5, (await app.End()).ExitCode);
        Assert.AreEqual("GET /until-stopped", string.Join(", ", collector.Spans.Where(span => span.Kind == Viewer.SpanKind.Server).Select(span => span.Name)));
    }

    [TestMethod]
    public async Task With_a_collector_that_is_down_nothing_waits()
    {
        var port = TestApp.FreePort();
        foreach (var (how, time) in await TimesToEnd(port))
            Assert.IsLessThan(Cap, time, how);
    }

    [TestMethod]
    public async Task With_a_collector_that_never_answers_nothing_waits_longer_than_five_seconds()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        foreach (var (how, time) in await TimesToEnd(((IPEndPoint)hanging.LocalEndpoint).Port))
            Assert.IsInRange(Cap - TimeSpan.FromSeconds(1), Cap + TimeSpan.FromSeconds(4), time, how); // less than the exporter's 10 s, and than twice the cap
    }

    static Task<(string How, TimeSpan Time)[]> TimesToEnd(int collectorPort) =>
        Task.WhenAll(((string[])["return", "throw", "exit", OtherSystem.EndSignal]).Select(async how => (how, await TimeToEnd(how, collectorPort))));

    static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    /// <summary>From the line before the end, or the signal, to the end.</summary>
    static async Task<TimeSpan> TimeToEnd(string how, int collectorPort)
    {
        await using var app = TestApp.Start("Courier", ["end", how], ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{collectorPort}"));
        await app.FirstLine;
        var started = Stopwatch.GetTimestamp();
        if (how == OtherSystem.EndSignal)
            await app.Signal(how);
        await app.End();
        return Stopwatch.GetElapsedTime(started);
    }

    static async Task<EndedApp> Visit(int port, string how, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Farewell", ["--urls", $"http://127.0.0.1:{port}"], environment);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        Assert.AreEqual("hello", await client.GetStringAsync(new Uri("/hello", UriKind.Relative)));
        if (!how.StartsWith('/'))
            await app.Signal(how);
        else if (how == "/stop")
            Assert.AreEqual("goodbye", await client.GetStringAsync(new Uri(how, UriKind.Relative)));
        else
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(how, UriKind.Relative)));
        return await app.End();
    }

    static void SameEnd(EndedApp expected, EndedApp actual, string name, Viewer.OtlpReceiver collector)
    {
        var said = $"Agent 0.1.0: tracing {name} (Production), traces go to {collector.HttpEndpoint}v1/traces (http/protobuf).\n";
        Assert.AreEqual(expected with { Error = said + Comparable(expected.Error) }, actual with { Error = Comparable(actual.Error) });
    }

    /// <summary>Windows ends a program with the number of the exception, 0xE0434352, of which Linux keeps the last byte. For FailFast and Ctrl+C Wine has codes of its own.</summary>
    static int ExitCodeHere(string how, int exitCode) => !OtherSystem.IsWindows ? exitCode : exitCode switch
    {
        134 when how is "fail fast" or "/fail-fast" => 2,
        134 => 0x52,
        130 => 0,
        _ => exitCode,
    };

    /// <summary>
    /// Only FailFast prints the stack as it is. Of an exception's stack trace our frames are no part, and how the server came to the request depends on
    /// whether it was already waiting when the client sent it.
    /// </summary>
    static string Comparable(string error)
    {
        error = OtherSystem.IsWindows ? LineOfWine().Replace(error, "") : error;
        return error.Contains("Process terminated.", StringComparison.Ordinal) ? ServerAndBelow().Replace(OurFrame().Replace(error, ""), "") : error;
    }

    static Task<Viewer.OtlpReceiver> StartCollector() => Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });

    static (string, string?)[] WithAgent(Viewer.OtlpReceiver collector) =>
        [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())];

    [GeneratedRegex(@"^wine: Unhandled exception .*\n", RegexOptions.Multiline)]
    private static partial Regex LineOfWine();

    [GeneratedRegex(@"^   at Agent\.AspNetCore\..*\n", RegexOptions.Multiline)]
    private static partial Regex OurFrame();

    [GeneratedRegex(@"^   at Microsoft\.AspNetCore\.Server\.Kestrel\.(?:.|\n)*", RegexOptions.Multiline)]
    private static partial Regex ServerAndBelow();
}
