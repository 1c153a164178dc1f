using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Agent.Benchmarks.Viewer;

/// <summary>`./build.sh bench viewer`: what the viewer takes in, holds and shows, in turns with the Aspire dashboard where that can do the same.</summary>
static class ViewerBenchmark
{
    public const string Usage = """

        ./build.sh bench viewer measures the viewer, in turns with the Aspire dashboard (a NuGet package) where that can do the same.

          --quick             fewer and shorter measurements
          --alone             without the Aspire dashboard
          --soak MINUTES      instead: 5,000 spans a second into a viewer with 64 MiB, and questions all the while; does its memory stay flat?

        """;

    /// <exception cref="FormatException">Something in the command line is not understood; the message names it.</exception>
    public static async Task Run(string[] args, CancellationToken stop)
    {
        var soak = args is ["--soak", ..] ? Soak.Minutes(args) : null;
        if (soak is null && args.FirstOrDefault(static arg => arg is not ("--quick" or "--alone")) is { } unknown)
            throw new FormatException($"bench viewer takes --quick and --alone, or --soak MINUTES, not {unknown}.");
        var viewer = Path.Combine(Configuration.Artifacts, "agent", "cli", "viewer", "Agent.Viewer.dll");
        if (soak is { } minutes)
        {
            Console.WriteLine(Machine.Describe());
            await Soak.Run(viewer, minutes, stop);
            return;
        }

        string? aspire = Path.Combine(Configuration.Artifacts, "aspire", "Aspire.Dashboard");
        var isQuick = args.Contains("--quick");
        if (args.Contains("--alone") || !File.Exists(aspire))
            aspire = null;
        Console.WriteLine(Machine.Describe());
        var (rounds, seconds) = isQuick ? (2, 3) : (5, 8);
        var traces = new SentTraces(25, 20);
        var results = new Dictionary<string, List<IngestResult>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var start in (Func<Task<ViewerProcess>>?[])[() => ViewerProcess.Ours(viewer, [], stop), aspire is null ? null : () => ViewerProcess.Aspire(aspire, stop)])
            {
                if (start is null)
                    continue;
                await using var process = await start();
                Console.WriteLine($"{process.Name,-18} first page after {process.ToFirstPage.TotalMilliseconds,5:0} ms, {ProcFiles.Memory(process.Id),4:0} MB empty");
                await Send(process, traces, 4, TimeSpan.FromSeconds(1), stop);
                var before = ProcFiles.Memory(process.Id);
                var result = await Send(process, traces, 4, TimeSpan.FromSeconds(seconds), stop);
                if (!results.TryGetValue(process.Name, out var all))
                    results.Add(process.Name, all = []);
                all.Add(result);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{process.Name,-18} {result.SpansPerSecond,8:0} spans/s, p99 {result.P99.TotalMilliseconds,6:0.0} ms, {result.CpuPerSpan.TotalMicroseconds,6:0.0} µs CPU a span, {result.Refused} refused, {ProcFiles.Memory(process.Id),4:0} MB"));
            }
        }
    }

    static async Task<IngestResult> Send(ViewerProcess process, SentTraces traces, int connections, TimeSpan time, CancellationToken stop)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = process.Otlp };
        var (cpu, started, refused) = (ProcFiles.Cpu(process.Id), Stopwatch.GetTimestamp(), 0);
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(async () =>
        {
            var (random, buffer, mine) = (new Random(i), traces.Buffer(), new List<TimeSpan>());
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                traces.Fill(buffer, random);
                var sent = Stopwatch.GetTimestamp();
                using var content = new ByteArrayContent(buffer);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                using var answer = await client.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, stop);
                mine.Add(Stopwatch.GetElapsedTime(sent));
                if (!answer.IsSuccessStatusCode)
                    Interlocked.Increment(ref refused);
            }

            return mine;
        }, stop)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        TimeSpan[] all = [.. times.SelectMany(static mine => mine).Order()];
        var spans = (double)(all.Length - refused) * traces.Count;
        return new(spans / elapsed.TotalSeconds, all[(int)Math.Ceiling(all.Length * 0.99) - 1], (ProcFiles.Cpu(process.Id) - cpu) / Math.Max(1, spans), refused);
    }
}
