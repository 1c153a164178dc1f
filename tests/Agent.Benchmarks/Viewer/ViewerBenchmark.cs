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
          --pages             only the page of a large trace
          --soak MINUTES      instead: 5,000 spans a second into a viewer with 64 MiB, and questions all the while; does its memory stay flat?

        """;

    /// <exception cref="FormatException">Something in the command line is not understood; the message names it.</exception>
    public static async Task Run(string[] args, CancellationToken stop)
    {
        var soak = args is ["--soak", ..] ? Soak.Minutes(args) : null;
        if (soak is null && args.FirstOrDefault(static arg => arg is not ("--quick" or "--alone" or "--pages")) is { } unknown)
            throw new FormatException($"bench viewer takes --quick, --alone and --pages, or --soak MINUTES, not {unknown}.");
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
        var ours = () => ViewerProcess.Ours(viewer, [], stop);
        Func<Task<ViewerProcess>>[] both = aspire is null ? [ours] : [ours, () => ViewerProcess.Aspire(aspire, stop)];
        if (!args.Contains("--pages"))
            await Ingest(both, isQuick ? 2 : 5, TimeSpan.FromSeconds(isQuick ? 3 : 8), stop);
        await using var browser = await Browser.Start();
        if (browser is null)
            Console.WriteLine("There is no Chromium here (Debian and Ubuntu: apt-get install chromium): pages are not measured in a browser.");
        if (!args.Contains("--pages"))
            await Held(() => ViewerProcess.Ours(viewer, ["--memory", "2GiB"], stop), browser, stop);
        if (browser is not null)
            await Pages(both, browser, isQuick ? 3 : 7, stop);
    }

    /// <summary>Spans a second over four connections, 500 in a request, 20 in a trace.</summary>
    static async Task Ingest(Func<Task<ViewerProcess>>[] viewers, int rounds, TimeSpan time, CancellationToken stop)
    {
        Console.WriteLine("\nIngest, 4 connections, 500 spans a request, 20 spans a trace");
        var traces = new SentTraces(25, 20);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var start in viewers)
            {
                await using var process = await start();
                var (first, empty) = (process.ToFirstPage, ProcFiles.Memory(process.Id));
                await Send(process, traces, 4, TimeSpan.FromSeconds(1), stop);
                Print($"{process.Name,-18} {await Send(process, traces, 4, time, stop)}; first page after {first.TotalMilliseconds:0} ms, {empty:0} MB empty, {ProcFiles.Memory(process.Id):0} MB afterwards");
            }
        }
    }

    /// <summary>What a million spans take, how long a filter over them does, and whether ingest gets slower with 100,000 traces.</summary>
    static async Task Held(Func<Task<ViewerProcess>> start, Browser? browser, CancellationToken stop)
    {
        Console.WriteLine("\nHeld");
        var traces = new SentTraces(25, 20);
        await using var process = await start();
        await Send(process, traces, 1, TimeSpan.FromSeconds(1), stop, requests: 20);
        var before = ProcFiles.Memory(process.Id);
        await Send(process, traces, 4, TimeSpan.MaxValue, stop, requests: 1980);
        Print($"1,000,000 spans: {(ProcFiles.Memory(process.Id) - before) * 1024 * 1024 / 990_000:0} bytes a span in resident memory, garbage included");
        using var client = new HttpClient { BaseAddress = process.Web };
        foreach (var filter in (string[])["", "http.route=/nowhere", "http.response.status_code>=500", "kettle", "nowhere", "!db.system.name", "name=SELECT* span.duration>50ms", "duration>100ms"])
        {
            var times = new List<TimeSpan>();
            for (var i = 0; i < 5; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = (await client.GetAsync(new Uri("/?q=" + Uri.EscapeDataString(filter), UriKind.Relative), stop)).EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(started));
            }

            Print($"the list filtered by '{filter}': {times.Order().ElementAt(2).TotalMilliseconds:0} ms (first {times[0].TotalMilliseconds:0} ms)");
        }

        Print($"ingest with  50,000 traces held: {await Send(process, traces, 4, TimeSpan.FromSeconds(2), stop, requests: 1000)}");
        await Send(process, traces, 4, TimeSpan.MaxValue, stop, requests: 1000);
        Print($"ingest with 100,000 traces held: {await Send(process, traces, 4, TimeSpan.FromSeconds(2), stop, requests: 1000)}");
        if (browser is not null)
        {
            for (var i = 0; i < 3; i++)
                Print($"the list with over 100,000 traces in the browser: {(await browser.Time(process.Web, "GET Products", isShadow: false)).TotalMilliseconds:0} ms");
        }
    }

    /// <summary>The page of a trace with 5,000 spans.</summary>
    static async Task Pages(Func<Task<ViewerProcess>>[] viewers, Browser browser, int rounds, CancellationToken stop)
    {
        Console.WriteLine("\nThe page of a trace with 5,000 spans, from the navigation to 20 visible rows, nothing cached");
        var trace = new SentTraces(1, 5000, areVaried: true);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var start in viewers)
            {
                await using var process = await start();
                var buffer = trace.Buffer();
                var id = trace.Fill(buffer, new Random(round));
                using var client = new HttpClient { BaseAddress = process.Otlp };
                using var content = new ByteArrayContent(buffer);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                (await client.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, stop)).EnsureSuccessStatusCode();
                var isAspire = process.Name == ViewerProcess.AspireName;
                var page = new Uri(process.Web, isAspire ? $"/traces/detail/{id}" : $"/trace/{id}");
                Print($"{process.Name,-18} {(await browser.Time(page, "SELECT Table", isAspire)).TotalMilliseconds:0} ms, then {(await browser.Time(page, "SELECT Table", isAspire)).TotalMilliseconds:0} ms");
            }
        }
    }

    static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    static async Task<IngestResult> Send(ViewerProcess process, SentTraces traces, int connections, TimeSpan time, CancellationToken stop, int requests = int.MaxValue)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = process.Otlp };
        var (cpu, started, refused, left) = (ProcFiles.Cpu(process.Id), Stopwatch.GetTimestamp(), 0, requests);
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(async () =>
        {
            var (random, buffer, mine) = (new Random(Random.Shared.Next()), traces.Buffer(), new List<TimeSpan>());
            while (Stopwatch.GetElapsedTime(started) < time && Interlocked.Decrement(ref left) >= 0)
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
