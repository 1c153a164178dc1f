using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text;
using System.Text.RegularExpressions;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Whatever the collector does, no request of the app's waits for it, nothing piles up, and every span is accounted for.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed partial class BadCollectorTests
{
    /// <summary>The longest that the end of the app may take; the agent takes 5 s of it at most.</summary>
    static readonly TimeSpan End = TimeSpan.FromSeconds(20);

    static readonly Dictionary<string, Func<BadCollector, NetworkStream, Task>> Answers = new()
    {
        ["none"] = static (collector, _) => collector.Release.Task,
        ["404"] = BadCollector.Http("404 Not Found"),
        ["500"] = BadCollector.Http("500 Internal Server Error", body: "sorry"),
        ["503"] = BadCollector.Http("503 Service Unavailable"),
        ["429, later"] = BadCollector.Http("429 Too Many Requests", "Retry-After: 3600\r\n"),
        ["noise"] = static (_, stream) => stream.WriteAsync(Encoding.ASCII.GetBytes("\x01\x02 this is not HTTP\r\n\r\n")).AsTask(),
        ["a page"] = BadCollector.Http("200 OK", "Content-Type: text/html\r\n", "<html>Welcome to nginx!</html>"),
        ["half an answer"] = static async (_, stream) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Le"));
            stream.Close();
        },
    };

    readonly string _folder = Directory.CreateTempSubdirectory("agent-collector").FullName;

    string StatusPath => Path.Combine(_folder, "status.json");

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("404", "HTTP status 404 Not Found")]
    [DataRow("500", "HTTP status 500 Internal Server Error")]
    [DataRow("503", "HTTP status 503 Service Unavailable")]
    [DataRow("429, later", "HTTP status 429 Too Many Requests")]
    [DataRow("noise", "HttpRequestException: Received an invalid status line: '\u0001\u0002 this is not HTTP'")]
    [DataRow("half an answer", "HttpRequestException: The response ended prematurely. (ResponseEnded)")]
    public async Task Refuses(string answer, string reason)
    {
        await using var collector = new BadCollector(Answers[answer]);
        var (exporter, lines) = await Run(collector.Address, () => collector.Asked(1));
        Assert.AreEqual((0, (int)exporter["produced"]!), ((int)exporter["exported"]!, (int)exporter["dropped"]!), exporter.ToJsonString());
        // Where the answer is «later», the time at the end may be up before the exporter has given up and said so.
        if (answer != "503" || lines.Length > 0)
            CollectionAssert.AreEqual(new[] { $"Agent 0.1.0: spans cannot be sent (otlp): {reason}. They are dropped until they can be; the app goes on." }, lines);
    }

    [TestMethod]
    public async Task Is_down()
    {
        var (exporter, lines) = await Run($"http://127.0.0.1:{TestApp.FreePort()}", () => Task.CompletedTask);
        Assert.AreEqual((0, (int)exporter["produced"]!), ((int)exporter["exported"]!, (int)exporter["dropped"]!), exporter.ToJsonString());
        Assert.AreEqual(0, (int)exporter["droppedBecause"]!["timeWasUp"]!, "at the end nobody is waited for who is not there");
        CollectionAssert.AreEqual(new[] { "Agent 0.1.0: spans cannot be sent (otlp): HttpRequestException: Connection refused. They are dropped until they can be; the app goes on." }, lines);
    }

    [TestMethod]
    public async Task Answers_with_a_page()
    {
        await using var collector = new BadCollector(Answers["a page"]);
        var (exporter, lines) = await Run(collector.Address, () => collector.Asked(1));
        Assert.AreEqual((int)exporter["produced"]!, (int)exporter["exported"]! + (int)exporter["droppedBecause"]!["queueWasFull"]!, exporter.ToJsonString());
        Assert.IsEmpty(lines);
    }

    [TestMethod]
    [DataRow("http/protobuf")]
    [DataRow("grpc")]
    public async Task Never_answers(string protocol)
    {
        await using var collector = new BadCollector(Answers["none"]);
        var (exporter, _) = await Run(collector.Address, () => collector.Asked(1), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol));
        Assert.IsFalse(collector.Release.Task.IsCompleted, "the requests were served while it was asked");
        Assert.AreEqual((0, (int)exporter["produced"]!), ((int)exporter["exported"]!, (int)exporter["dropped"]!), exporter.ToJsonString());
        var reasons = exporter["droppedBecause"]!;
        Assert.IsGreaterThan(100, (int)reasons["queueWasFull"]!);
        Assert.IsGreaterThan(0, (int)reasons["timeWasUp"]!);
        Assert.AreEqual((int)exporter["dropped"]!, (int)reasons["queueWasFull"]! + (int)reasons["timeWasUp"]! + (int)reasons["exportFailed"]!);
    }

    [TestMethod]
    public async Task Answers_when_the_requests_are_served()
    {
        await using var collector = new BadCollector(static async (collector, stream) =>
        {
            await collector.Release.Task;
            await BadCollector.Http("200 OK")(collector, stream);
        });
        var (exporter, lines) = await Run(collector.Address, () => collector.Asked(1), afterwards: collector.Release.SetResult);
        Assert.AreEqual((int)exporter["produced"]!, (int)exporter["exported"]! + (int)exporter["droppedBecause"]!["queueWasFull"]!, exporter.ToJsonString());
        Assert.IsGreaterThan(0, (int)exporter["exported"]!);
        Assert.IsEmpty(lines);
    }

    [TestMethod]
    public async Task Is_there_again_in_time()
    {
        var port = TestApp.FreePort();
        await using var shop = Start($"http://127.0.0.1:{port}");
        using var client = new HttpClient { BaseAddress = await shop.Listening };
        await using (var dying = new BadCollector(Answers["half an answer"], port))
        {
            Assert.AreEqual("pong", await client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
            await dying.Asked(1);
        }
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = port, GrpcPort = 0 });
        var ended = await shop.Stop();
        var exporter = Exporter();
        Assert.AreEqual(((int)exporter["produced"]!, 0), ((int)exporter["exported"]!, (int)exporter["dropped"]!), exporter.ToJsonString());
        Assert.HasCount((int)exporter["produced"]!, collector.Spans);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    [TestMethod]
    public async Task Is_there_again_later()
    {
        var port = TestApp.FreePort();
        await using var shop = Start($"http://127.0.0.1:{port}");
        using var client = new HttpClient { BaseAddress = await shop.Listening };
        await using (var misconfigured = new BadCollector(Answers["404"], port))
        {
            for (var i = 1; i <= 2; i++) // when it is asked again, the first failure is dealt with
            {
                Assert.AreEqual("pong", await client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
                await misconfigured.Asked(i);
            }
        }
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = port, GrpcPort = 0 });
        Assert.AreEqual("pong", await client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
        var ended = await shop.Stop();
        var exporter = Exporter();
        Assert.AreEqual((int)exporter["produced"]!, (int)exporter["exported"]! + (int)exporter["dropped"]!, exporter.ToJsonString());
        Assert.HasCount((int)exporter["exported"]!, collector.Spans);
        CollectionAssert.AreEqual(
            new[]
            {
                "Agent 0.1.0: spans cannot be sent (otlp): HTTP status 404 Not Found. They are dropped until they can be; the app goes on.",
                "Agent 0.1.0: spans can be sent again (otlp).",
            }, ended.Error.Trim().Split('\n')[1..], ended.Error);
    }

    /// <summary>What one process has stored, the next one sends as soon as a request of its own has arrived.</summary>
    [TestMethod]
    public async Task Was_down_and_spans_were_kept_on_disk()
    {
        var port = TestApp.FreePort();
        (string, string?)[] onDisk = [("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "disk"), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH", _folder), ("OTEL_SERVICE_NAME", "first")];
        await using (var first = Start($"http://127.0.0.1:{port}", onDisk))
        {
            using var client = new HttpClient { BaseAddress = await first.Listening };
            await client.GetStringAsync(new Uri("/ping", UriKind.Relative));
            await first.Stop();
        }
        var kept = (int)Exporter()["exported"]!;
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = port, GrpcPort = 0 });
        await using var second = Start($"http://127.0.0.1:{port}", [.. onDisk[..2], ("OTEL_SERVICE_NAME", "second")]);
        await second.Listening;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await collector.WaitForAsync(spans => spans.Count(span => span.Resource["service.name"] is "first") == kept, patience.Token);
        await second.Stop();
        Assert.IsGreaterThan(10, kept);
        Assert.IsEmpty(Directory.GetFiles(_folder, "*.blob", SearchOption.AllDirectories));
    }

    /// <summary>Serves requests with two threads and a short queue, while an exporter is at work.</summary>
    async Task<(JsonNode Exporter, string[] Lines)> Run(string collector, Func<Task> isExporting, params (string, string?)[] environment) => await Run(collector, isExporting, null, environment);

    async Task<(JsonNode Exporter, string[] Lines)> Run(string collector, Func<Task> isExporting, Action? afterwards, params (string, string?)[] environment)
    {
        await using var shop = Start(collector, [.. environment, ("OTEL_BSP_MAX_QUEUE_SIZE", "64"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16")]);
        using var client = new HttpClient { BaseAddress = await shop.Listening };
        await isExporting(); // of what it has done at its start
        var pages = new List<Task<string>>();
        for (var i = 0; i < 20; i++)
            pages.Add(client.GetStringAsync(new Uri("/Products/1", UriKind.Relative)));
        foreach (var page in await Task.WhenAll(pages).WaitAsync(End))
            StringAssert.Contains(page, "</html>");
        afterwards?.Invoke();
        var asked = Stopwatch.GetTimestamp();
        var ended = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode);
        Assert.IsLessThan(End, Stopwatch.GetElapsedTime(asked));
        var lines = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StringAssert.StartsWith(lines[0], "Agent 0.1.0: tracing Storefront (Production), traces go to ");
        var exporter = Exporter();
        Assert.IsGreaterThan(100, (int)exporter["produced"]!);
        Assert.AreEqual(0, (int)exporter["waiting"]!);
        // What the queue had no room for is said, in one line a minute at most and one at the end.
        var full = lines.Select(line => QueueWasFull().Match(line)).Where(match => match.Success).ToList();
        Assert.IsLessThanOrEqualTo(2, full.Count);
        Assert.AreEqual((int)exporter["droppedBecause"]!["queueWasFull"]!, full.Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        return (exporter, [.. lines[1..].Where(line => !QueueWasFull().IsMatch(line))]);
    }

    [GeneratedRegex(@"^Agent 0\.1\.0: (\d+) spans were dropped, because 64 were waiting to be sent already \(otlp, OTEL_BSP_MAX_QUEUE_SIZE\)\.$")]
    private static partial Regex QueueWasFull();

    TestApp Start(string collector, params (string, string?)[] environment) => TestApp.Start("Storefront", ["--urls", "http://127.0.0.1:0"],
    [
        ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector), ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("AGENT_STATUS_FILE", StatusPath),
        ("DOTNET_ThreadPool_ForceMinWorkerThreads", "2"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "2"), .. environment,
    ]);

    /// <summary>What the app has written of the exporter at its end.</summary>
    JsonNode Exporter() => JsonNode.Parse(File.ReadAllText(StatusPath))!["exporters"]![0]!;
}
